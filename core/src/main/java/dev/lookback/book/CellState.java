package dev.lookback.book;

import static dev.lookback.book.Matrices.add;
import static dev.lookback.book.Matrices.addTo;
import static dev.lookback.book.Matrices.scale;

/**
 * What a layer hands from one step of a lane to the next: h and, in an LSTM, c. The same record
 * carries dL/dh and dL/dc, each number in the place of the one it belongs to.
 *
 * @param h the hidden state, {@code [H]}; it is also the layer's output
 * @param c the cell state, {@code [H]}; empty where the layer has none
 */
public record CellState(double[] h, double[] c) {

  /** A state that is h alone. */
  public static CellState of(double[] h) {
    return new CellState(h, new double[0]);
  }

  /** Zeros in the shape of this one. */
  public CellState zeros() {
    return new CellState(new double[h.length], new double[c.length]);
  }

  /** {@code (h + h', c + c')}. */
  public CellState plus(CellState other) {
    return new CellState(add(h, other.h), add(c, other.c));
  }

  /** {@code (factor h, factor c)}; all zeros where the factor is 0, whatever h and c are. */
  public CellState times(double factor) {
    return factor == 0 ? zeros() : new CellState(scale(factor, h), scale(factor, c));
  }

  /** {@code this += addend}. */
  void increaseBy(CellState addend) {
    addTo(h, addend.h);
    addTo(c, addend.c);
  }
}
