package dev.lookback.cell;

import dev.lookback.weights.Layout;

/** The configuration of one layer of recurrence: h_t = f(x_t, h_{t-1}; w). Immutable. */
public interface Cell {

  /** D, the numbers (or the vocabulary) that come in at a step. */
  int inputs();

  /** H, the numbers that go out at a step. */
  int hidden();

  /**
   * How many arrays {@code [B, H]} make up the state that is carried from step to step: 1 for h, 2
   * for (h, c). The first is the output.
   */
  int planes();

  /**
   * Floats a layer needs beside its state for each step of each lane while it goes backward,
   * scratch included.
   */
  int scratchWidth();

  /** The cell's name in files and on the command line. */
  String label();

  /** Adds this layer's tensors under PyTorch's names for layer {@code layer}. */
  void describe(Layout.Builder builder, int layer);

  /** The layer at work, with its packed weights. */
  Recurrence recurrence(Layout layout, int layer);
}
