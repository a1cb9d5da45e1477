package dev.lookback.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weight gradients of a block: {@code c_k += a_i^T b_j} for several pairs of left and right
 * matrices with the same rows, all in one go.
 *
 * <p>Each sum over the rows is one chain from zero, added to c at the end. The left matrices are
 * turned and the right ones packed first, each once, however many terms they are in. Not for use by
 * two threads at a time.
 */
public final class OuterProducts {
  /** Instead of a left matrix: a column of ones, so that the product is the sum of b's rows. */
  public static final int ONES = -1;

  // A piece of c that stays in the first cache.
  private static final int HEIGHT = 48;
  private static final int WIDTH = 128;
  // Columns to turn or pack at a time, and what moving a number costs in multiplications.
  private static final int MOVED = 64;
  private static final int MOVE = 8;
  private static final int PADDING = 16;

  private final List<Term> terms;
  private final int[] leftWidths;
  private final Panels[] right;
  private final float[][] turned;
  private final float[][] leftValues;
  private final int[] leftRows;
  private final float[][] rightValues;
  private final int[] rightRows;
  private final Piece[] moves;
  private final Piece[] pieces;
  private final Team.Task move = this::move;
  private final Team.Task multiply = this::multiply;
  private float[] ones = new float[0];
  private float[] c = new float[0];
  private int rows;

  /**
   * One product.
   *
   * @param left which left matrix, or {@link #ONES}
   * @param right which right matrix
   * @param offset where in c the first number of the result stands
   * @param ld how far the rows of the result stand apart in c
   */
  public record Term(int left, int right, int offset, int ld) {}

  // Columns [j0, j1) of a matrix, or of those the rows [i0, i1) of a term's result.
  private record Piece(int of, int i0, int i1, int j0, int j1) {}

  /** For matrices of these widths. */
  public OuterProducts(int[] leftWidths, int[] rightWidths, List<Term> terms) {
    this.terms = List.copyOf(terms);
    this.leftWidths = leftWidths.clone();
    this.right = new Panels[rightWidths.length];
    for (int j = 0; j < right.length; j++) {
      right[j] = new Panels(1, rightWidths[j]);
    }
    this.turned = new float[leftWidths.length][0];
    this.leftValues = new float[leftWidths.length][0];
    this.leftRows = new int[leftWidths.length];
    this.rightValues = new float[rightWidths.length][0];
    this.rightRows = new int[rightWidths.length];
    this.moves = moves(leftWidths, rightWidths);
    this.pieces = pieces(rightWidths);
  }

  private static Piece[] moves(int[] leftWidths, int[] rightWidths) {
    List<Piece> all = new ArrayList<>();
    for (int i = 0; i < leftWidths.length; i++) {
      for (int from = 0; from < leftWidths[i]; from += MOVED) {
        all.add(new Piece(i, 0, 0, from, Math.min(leftWidths[i], from + MOVED)));
      }
    }
    for (int j = 0; j < rightWidths.length; j++) {
      for (int from = 0; from < rightWidths[j]; from += MOVED) {
        int to = Math.min(rightWidths[j], from + MOVED);
        all.add(new Piece(leftWidths.length + j, 0, 0, from, to));
      }
    }
    return all.toArray(new Piece[0]);
  }

  private Piece[] pieces(int[] rightWidths) {
    List<Piece> all = new ArrayList<>();
    for (int t = 0; t < terms.size(); t++) {
      Term term = terms.get(t);
      int height = term.left() == ONES ? 1 : leftWidths[term.left()];
      int width = rightWidths[term.right()];
      for (int i = 0; i < height; i += HEIGHT) {
        for (int j = 0; j < width; j += WIDTH) {
          all.add(new Piece(t, i, Math.min(height, i + HEIGHT), j, Math.min(width, j + WIDTH)));
        }
      }
    }
    return all.toArray(new Piece[0]);
  }

  /** Left matrix i: rows from {@code row} on of the row-major array. */
  public void left(int i, float[] values, int row) {
    leftValues[i] = values;
    leftRows[i] = row;
  }

  /** Right matrix j: rows from {@code row} on of the row-major array. */
  public void right(int j, float[] values, int row) {
    rightValues[j] = values;
    rightRows[j] = row;
  }

  /** Adds all terms over so many rows to c. */
  public void addTo(float[] c, int rows, Team team) {
    this.c = c;
    this.rows = rows;
    for (int i = 0; i < turned.length; i++) {
      int needed = Math.multiplyExact(leftWidths[i], rows + PADDING);
      if (turned[i].length < needed) {
        turned[i] = new float[needed];
      }
    }
    for (Panels panels : right) {
      panels.resize(rows);
      team.worker().kernel().reserve(panels);
    }
    if (ones.length < rows) {
      ones = new float[rows];
      Arrays.fill(ones, 1);
    }
    team.split(moves.length, (long) MOVED * rows * MOVE, move);
    team.split(pieces.length, (long) HEIGHT * WIDTH * rows, multiply);
  }

  private void move(Worker worker, int from, int to) {
    for (int p = from; p < to; p++) {
      Piece piece = moves[p];
      if (piece.of < turned.length) {
        int i = piece.of;
        int ld = leftWidths[i];
        int offset = leftRows[i] * ld;
        int target = piece.j0 * (rows + PADDING);
        Transposition.run(
            leftValues[i], offset, ld, rows, piece.j0, piece.j1, turned[i], target, rows + PADDING);
      } else {
        int j = piece.of - turned.length;
        int ld = right[j].outputs();
        worker.kernel().pack(right[j], rightValues[j], rightRows[j] * ld, ld, piece.j0, piece.j1);
      }
    }
  }

  private void multiply(Worker worker, int from, int to) {
    float[] sums = worker.scratch(HEIGHT * WIDTH);
    for (int p = from; p < to; p++) {
      Piece piece = pieces[p];
      Term term = terms.get(piece.of);
      int height = piece.i1 - piece.i0;
      int width = piece.j1 - piece.j0;
      float[] a = term.left() == ONES ? ones : turned[term.left()];
      int lda = rows + PADDING;
      Arrays.fill(sums, 0, height * width, 0);
      worker
          .kernel()
          .multiplyAdd(
              a,
              piece.i0 * lda,
              lda,
              height,
              right[term.right()],
              piece.j0,
              piece.j1,
              sums,
              -piece.j0,
              width);
      for (int i = 0; i < height; i++) {
        int at = term.offset() + (piece.i0 + i) * term.ld() + piece.j0;
        worker.add(sums, i * width, c, at, width);
      }
    }
  }
}
