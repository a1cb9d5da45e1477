package dev.lookback.cli.onnx;

import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Recurrence;
import dev.lookback.weights.Layout;

/** A cell that is not the library's, though it computes what one of them does. */
record OwnCell(Elman inner) implements Cell {
  @Override
  public int inputs() {
    return inner.inputs();
  }

  @Override
  public int hidden() {
    return inner.hidden();
  }

  @Override
  public int planes() {
    return inner.planes();
  }

  @Override
  public int gates() {
    return inner.gates();
  }

  @Override
  public int gatePlanes() {
    return inner.gatePlanes();
  }

  @Override
  public int deltaPlanes() {
    return inner.deltaPlanes();
  }

  @Override
  public boolean learnsState() {
    return inner.learnsState();
  }

  @Override
  public String label() {
    return "own";
  }

  @Override
  public void describe(Layout.Builder builder, int layer) {
    inner.describe(builder, layer);
  }

  @Override
  public OwnCell withLearnedState() {
    return new OwnCell(inner.withLearnedState());
  }

  @Override
  public Recurrence recurrence(Layout layout, int layer) {
    return inner.recurrence(layout, layer);
  }
}
