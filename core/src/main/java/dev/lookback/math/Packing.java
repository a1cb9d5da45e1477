package dev.lookback.math;

import java.util.ArrayList;
import java.util.List;

/** Which parts of a flat array of weights are packed into which panels, after every update. */
public final class Packing {
  // Columns to pack at a time, and what moving a number costs in multiplications.
  private static final int COLUMNS = 64;
  private static final int MOVE = 8;

  private final List<Piece> pieces = new ArrayList<>();
  private final Team.Task task = this::pack;
  private float[] w = new float[0];
  private long largest;

  private record Piece(Panels panels, int offset, int ld, boolean transposed, int from, int to) {}

  /** Nothing to pack yet. */
  public Packing() {}

  /** The row-major {@code [k, n]} matrix at {@code offset}, its rows {@code ld} apart. */
  public void add(Panels panels, int offset, int ld) {
    add(panels, offset, ld, false);
  }

  /** The transpose of the row-major {@code [n, k]} matrix at {@code offset}. */
  public void addTransposed(Panels panels, int offset, int ld) {
    add(panels, offset, ld, true);
  }

  private void add(Panels panels, int offset, int ld, boolean transposed) {
    for (int from = 0; from < panels.outputs(); from += COLUMNS) {
      int to = Math.min(panels.outputs(), from + COLUMNS);
      pieces.add(new Piece(panels, offset, ld, transposed, from, to));
    }
    largest = Math.max(largest, (long) panels.inputs() * COLUMNS);
  }

  /** Packs all of them from these weights. */
  public void run(float[] w, Team team) {
    this.w = w;
    for (Piece piece : pieces) {
      team.worker().kernel().reserve(piece.panels);
    }
    team.split(pieces.size(), largest * MOVE, task);
  }

  private void pack(Worker worker, int first, int end) {
    for (int i = first; i < end; i++) {
      Piece p = pieces.get(i);
      if (p.transposed) {
        worker.kernel().packTransposed(p.panels, w, p.offset, p.ld, p.from, p.to);
      } else {
        worker.kernel().pack(p.panels, w, p.offset, p.ld, p.from, p.to);
      }
    }
  }
}
