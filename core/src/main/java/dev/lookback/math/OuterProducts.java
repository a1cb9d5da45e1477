package dev.lookback.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weight gradients of a block: {@code c_k += a_i^T b_j} for several pairs of left and right
 * matrices with the same rows, all in one go.
 *
 * <p>Each sum over the rows is one chain from zero, added to c at the end. The right matrices are
 * packed first, each once, however many terms they are in. Not for use by two threads at a time.
 */
public final class OuterProducts {
  /** Instead of a left matrix: a column of ones, so that the product is the sum of b's rows. */
  public static final int ONES = -1;

  // A piece of c for a thread to take, and so much of it at a time that it stays in the
  // first cache.
  private static final int HEIGHT = 40;
  private static final int WIDTH = 512;
  private static final int STRIP = 128;
  // Rows of a left matrix that are longer lie a page or more apart and fight for the same few
  // places in the caches, so that a copy of the columns at hand pays.
  private static final int FAR_APART = 512;
  // Columns to pack at a time, and what moving a number costs in multiplications.
  private static final int MOVED = 64;
  private static final int MOVE = 8;

  private final List<Term> terms;
  private final int[] leftWidths;
  private final Panels[] right;
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
    this.leftValues = new float[leftWidths.length][0];
    this.leftRows = new int[leftWidths.length];
    this.rightValues = new float[rightWidths.length][0];
    this.rightRows = new int[rightWidths.length];
    this.moves = moves(rightWidths);
    this.pieces = pieces(rightWidths);
  }

  private static Piece[] moves(int[] rightWidths) {
    List<Piece> all = new ArrayList<>();
    for (int j = 0; j < rightWidths.length; j++) {
      for (int from = 0; from < rightWidths[j]; from += MOVED) {
        all.add(new Piece(j, 0, 0, from, Math.min(rightWidths[j], from + MOVED)));
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
      int j = moves[p].of;
      int ld = right[j].outputs();
      worker
          .kernel()
          .pack(right[j], rightValues[j], rightRows[j] * ld, ld, moves[p].j0, moves[p].j1);
    }
  }

  private void multiply(Worker worker, int from, int to) {
    float[] scratch = worker.scratch(HEIGHT * (STRIP + rows));
    for (int p = from; p < to; p++) {
      Piece piece = pieces[p];
      int left = terms.get(piece.of).left();
      int height = piece.i1 - piece.i0;
      if (left == ONES) {
        strips(worker, piece, ones, 0, 1);
      } else {
        int lda = leftWidths[left];
        int a0 = leftRows[left] * lda + piece.i0;
        if (lda < FAR_APART) {
          strips(worker, piece, leftValues[left], a0, lda);
        } else {
          for (int r = 0, s = HEIGHT * STRIP; r < rows; r++, s += height) {
            System.arraycopy(leftValues[left], a0 + r * lda, scratch, s, height);
          }
          strips(worker, piece, scratch, HEIGHT * STRIP, height);
        }
      }
    }
  }

  private void strips(Worker worker, Piece piece, float[] a, int a0, int lda) {
    float[] sums = worker.scratch(HEIGHT * STRIP);
    Term term = terms.get(piece.of);
    int height = piece.i1 - piece.i0;
    for (int j0 = piece.j0; j0 < piece.j1; j0 += STRIP) {
      int j1 = Math.min(piece.j1, j0 + STRIP);
      int width = j1 - j0;
      Arrays.fill(sums, 0, height * width, 0);
      worker.kernel().outerAdd(a, a0, lda, height, right[term.right()], j0, j1, sums, -j0, width);
      for (int row = 0; row < height; row++) {
        int at = term.offset() + (piece.i0 + row) * term.ld() + j0;
        worker.add(sums, row * width, c, at, width);
      }
    }
  }
}
