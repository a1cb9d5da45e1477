package dev.lookback.book;

import static dev.lookback.book.Matrices.add;
import static dev.lookback.book.Matrices.addTo;
import static dev.lookback.book.Matrices.multiply;
import static dev.lookback.book.Matrices.outer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The weights of one layer, its G gates side by side in the columns: gate k of unit j is column
 * {@code k H + j}.
 *
 * <pre>
 *   a = x W_xh + b_ih,   u = h W_hh + b_hh        both [G H]
 * </pre>
 *
 * <p>The same record carries a gradient, each number in the place of the weight it belongs to.
 *
 * @param wxh {@code [D][G*H]}
 * @param whh {@code [H][G*H]}
 * @param bih {@code [G*H]}, or empty for none
 * @param bhh {@code [G*H]}, or empty for none
 * @param h0 the learned h of a lane that starts afresh, {@code [H]}, or empty: zero, not learned
 * @param c0 the learned c of one, {@code [H]}, or empty
 */
public record LayerWeights(
    double[][] wxh, double[][] whh, double[] bih, double[] bhh, double[] h0, double[] c0) {

  /** Checks that the six agree on G and H. */
  public LayerWeights {
    if (wxh.length == 0 || whh.length == 0 || wxh[0].length != whh[0].length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "W_xh is %s and W_hh is %s but both need a row and the same columns",
              shape(wxh),
              shape(whh)));
    }
    requireNoneOr("b_ih", bih, whh[0].length);
    requireNoneOr("b_hh", bhh, whh[0].length);
    requireNoneOr("h0", h0, whh.length);
    requireNoneOr("c0", c0, whh.length);
  }

  /** Zeros, without biases and without a learned state. */
  public static LayerWeights zeros(int inputs, int hidden, int gates) {
    double[] none = new double[0];
    return new LayerWeights(
        new double[inputs][gates * hidden],
        new double[hidden][gates * hidden],
        none,
        none,
        none,
        none);
  }

  /** Zeros in the shape of this one. */
  public LayerWeights zeros() {
    return new LayerWeights(
        new double[wxh.length][wxh[0].length],
        new double[whh.length][whh[0].length],
        new double[bih.length],
        new double[bhh.length],
        new double[h0.length],
        new double[c0.length]);
  }

  /** D. */
  public int inputs() {
    return wxh.length;
  }

  /** H. */
  public int hidden() {
    return whh.length;
  }

  /** With b_ih, zero. */
  LayerWeights withInputBias() {
    return new LayerWeights(wxh, whh, new double[whh[0].length], bhh, h0, c0);
  }

  /** With b_hh, zero. */
  LayerWeights withRecurrentBias() {
    return new LayerWeights(wxh, whh, bih, new double[whh[0].length], h0, c0);
  }

  /** With h0 and, where asked, c0, both zero. */
  LayerWeights withLearnedStart(boolean cellState) {
    return new LayerWeights(
        wxh, whh, bih, bhh, new double[hidden()], new double[cellState ? hidden() : 0]);
  }

  /** The numbers themselves, row by row: W_xh, W_hh, b_ih, b_hh, h0, c0. */
  List<double[]> rows() {
    List<double[]> rows = new ArrayList<>();
    rows.addAll(List.of(wxh));
    rows.addAll(List.of(whh));
    rows.addAll(List.of(bih, bhh, h0, c0));
    return rows;
  }

  /** {@code a = x W_xh + b_ih}. */
  double[] fromInput(double[] x) {
    double[] a = multiply(x, wxh);
    return bih.length == 0 ? a : add(a, bih);
  }

  /** {@code u = h W_hh + b_hh}. */
  double[] fromState(double[] h) {
    double[] u = multiply(h, whh);
    return bhh.length == 0 ? u : add(u, bhh);
  }

  /** {@code dW_xh += x^T da}, {@code db_ih += da}. */
  void addInput(double[] x, double[] da) {
    addTo(wxh, outer(x, da));
    if (bih.length > 0) {
      addTo(bih, da);
    }
  }

  /** {@code dW_hh += h^T du}, {@code db_hh += du}. */
  void addState(double[] h, double[] du) {
    addTo(whh, outer(h, du));
    if (bhh.length > 0) {
      addTo(bhh, du);
    }
  }

  /** {@code dh0 += dL/dh}, {@code dc0 += dL/dc}; nothing where they are not learned. */
  void addStart(CellState byStart) {
    if (h0.length > 0) {
      addTo(h0, byStart.h());
      addTo(c0, byStart.c());
    }
  }

  /** Refuses weights that are not those of a cell with so many gates. */
  void require(String cell, int gates, boolean cellState) {
    if (whh[0].length != gates * hidden()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "W_hh is %s but %s needs [H][%s]",
              shape(whh),
              cell,
              gates == 1 ? "H" : gates + "H"));
    }
    if (c0.length != (cellState ? h0.length : 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "h0 has %d numbers and c0 has %d but %s",
              h0.length,
              c0.length,
              cell + (cellState ? " learns both" : " has no c0")));
    }
  }

  private static void requireNoneOr(String name, double[] found, int needed) {
    if (found.length != 0 && found.length != needed) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s has %d numbers but needs %d, or none", name, found.length, needed));
    }
  }

  private static String shape(double[][] a) {
    return String.format(Locale.ROOT, "[%d][%d]", a.length, a.length == 0 ? 0 : a[0].length);
  }
}
