package dev.lookback.network;

import dev.lookback.cell.Recurrence;
import dev.lookback.math.Panels;
import dev.lookback.math.Rows;
import dev.lookback.math.Team;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A network at work: its layers with packed weights, and the readout forward and backward. */
public final class Layers {
  private final List<Recurrence> layers = new ArrayList<>();
  private final Tensor decoder;
  private final Optional<Tensor> bias;
  private final Panels out;
  private final Panels back;
  private final float[] biasSum;
  private float[] w = new float[0];

  /** The layers of a network; give them weights with {@link #pack} before anything else. */
  public Layers(Network network) {
    Layout layout = network.layout();
    for (int l = 0; l < network.cells().size(); l++) {
      layers.add(network.cells().get(l).recurrence(layout, l));
    }
    this.decoder = layout.get("decoder.weight");
    this.bias = layout.find("decoder.bias");
    this.out = new Panels(decoder.rows(), decoder.columns());
    this.back = new Panels(decoder.columns(), decoder.rows());
    this.biasSum = new float[decoder.columns()];
  }

  /** Takes the weights as they are now. */
  public void pack(Weights weights) {
    w = weights.values();
    for (Recurrence layer : layers) {
      layer.pack(weights);
    }
    out.pack(w, decoder.offset());
    back.packTransposed(w, decoder.offset());
  }

  /** Layer l. */
  public Recurrence layer(int l) {
    return layers.get(l);
  }

  /** How many. */
  public int count() {
    return layers.size();
  }

  /** {@code o = h W_hq + b_q}; the outputs begin at row 0 of {@code o}, {@code [rows, O]}. */
  public void read(Rows h, float[] o, Team team) {
    int outputs = decoder.columns();
    team.split(
        h.count(),
        (long) decoder.rows() * outputs,
        (worker, from, to) -> {
          for (int r = from; r < to; r++) {
            if (bias.isPresent()) {
              System.arraycopy(w, bias.get().offset(), o, r * outputs, outputs);
            } else {
              Arrays.fill(o, r * outputs, (r + 1) * outputs, 0);
            }
          }
          worker.multiplyAdd(h.values(), h.first() + from, to - from, out, o, from);
        });
  }

  /**
   * {@code q = do W_hq^T} into the rows of q from row {@code qRow}, and {@code dW_hq += h^T do},
   * {@code db_q += sum do}.
   */
  public void readBackward(
      Rows h, float[] outputGradient, float[] q, int qRow, Weights gradient, Team team) {
    int outputs = decoder.columns();
    int hidden = decoder.rows();
    team.split(
        h.count(),
        (long) hidden * outputs,
        (worker, from, to) -> {
          Arrays.fill(q, (qRow + from) * hidden, (qRow + to) * hidden, 0);
          worker.multiplyAdd(outputGradient, from, to - from, back, q, qRow + from);
        });
    Rows rows = new Rows(outputGradient, outputs, 0, h.count());
    team.addOuter(h, rows, gradient.values(), decoder.offset());
    if (bias.isPresent()) {
      rows.columnSums(biasSum);
      for (int j = 0; j < outputs; j++) {
        gradient.values()[bias.get().offset() + j] += biasSum[j];
      }
    }
  }
}
