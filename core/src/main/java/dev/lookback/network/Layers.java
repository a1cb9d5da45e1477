package dev.lookback.network;

import dev.lookback.cell.Recurrence;
import dev.lookback.math.OuterProducts;
import dev.lookback.math.Packing;
import dev.lookback.math.Panels;
import dev.lookback.math.Team;
import dev.lookback.math.Worker;
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
  private final int hidden;
  private final int outputs;
  private final Optional<Tensor> bias;
  private final Optional<Tensor> embedding;
  private final Panels out;
  private final int decoder;
  private final Packing packing = new Packing();
  private final OuterProducts sums;
  private final Read read = new Read();
  private final ReadBackward readBackward = new ReadBackward();
  // Only a way back needs the transpose.
  private Optional<Panels> back = Optional.empty();
  private float[] w = new float[0];

  /** The layers of a network; give them weights with {@link #pack} before anything else. */
  public Layers(Network network) {
    Layout layout = network.layout();
    for (int l = 0; l < network.cells().size(); l++) {
      layers.add(network.cells().get(l).recurrence(layout, l));
    }
    Tensor matrix = layout.get("decoder.weight");
    this.hidden = matrix.rows();
    this.outputs = matrix.columns();
    this.bias = layout.find("decoder.bias");
    this.embedding = layout.find(Embedding.NAME);
    this.out = new Panels(hidden, outputs);
    this.decoder = matrix.offset();
    packing.add(out, decoder, outputs);
    List<OuterProducts.Term> terms = new ArrayList<>();
    terms.add(new OuterProducts.Term(0, 0, decoder, outputs));
    bias.ifPresent(b -> terms.add(new OuterProducts.Term(OuterProducts.ONES, 0, b.offset(), 0)));
    this.sums = new OuterProducts(new int[] {hidden}, new int[] {outputs}, terms);
  }

  /** Takes the weights as they are now. */
  public void pack(Weights weights, Team team) {
    w = weights.values();
    for (Recurrence layer : layers) {
      layer.pack(weights, team);
    }
    packing.run(w, team);
    if (bias.isPresent()) {
      System.arraycopy(w, bias.get().offset(), out.start(), 0, outputs);
    }
  }

  /** Layer l. */
  public Recurrence layer(int l) {
    return layers.get(l);
  }

  /** How many. */
  public int count() {
    return layers.size();
  }

  /**
   * {@code x = E[id]} for so many ids from {@code first} on, into the rows of x from {@code row}.
   */
  public void embed(int[] ids, int first, int rows, float[] x, int row) {
    if (embedding.isPresent()) {
      int width = embedding.get().columns();
      for (int i = 0; i < rows; i++) {
        int from = embedding.get().offset() + ids[first + i] * width;
        System.arraycopy(w, from, x, (row + i) * width, width);
      }
    }
  }

  /** {@code dE[id] += dx} for so many ids from {@code first} on, from the rows of dx. */
  public void embedBackward(
      int[] ids, int first, int rows, float[] dx, int row, Weights gradient, Team team) {
    if (embedding.isPresent()) {
      int width = embedding.get().columns();
      for (int i = 0; i < rows; i++) {
        int to = embedding.get().offset() + ids[first + i] * width;
        team.worker().add(dx, (row + i) * width, gradient.values(), to, width);
      }
    }
  }

  /** {@code o = h W_hq + b_q} for the rows of h from {@code hRow}; o begins at row 0. */
  public void read(float[] h, int hRow, int rows, float[] o, Team team) {
    read.h = h;
    read.hRow = hRow;
    read.o = o;
    team.split(rows, (long) hidden * outputs, read);
  }

  private final class Read implements Team.Task {
    private float[] h = new float[0];
    private int hRow;
    private float[] o = new float[0];

    @Override
    public void run(Worker worker, int from, int to) {
      for (int r = from; r < to; r++) {
        System.arraycopy(out.start(), 0, o, r * outputs, outputs);
      }
      worker.multiplyAdd(h, hRow + from, to - from, out, o, from);
    }
  }

  /**
   * {@code dW_hq += h^T do}, {@code db_q += sum do}, and {@code q = do W_hq^T} into the rows of q
   * from {@code qRow}; do begins at row 0.
   */
  public void readBackward(
      float[] h, int hRow, int rows, float[] dO, float[] q, int qRow, Weights gradient, Team team) {
    readBackward.dO = dO;
    readBackward.q = q;
    readBackward.qRow = qRow;
    readBackward.back = back(team);
    team.split(rows, (long) hidden * outputs, readBackward);
    sums.left(0, h, hRow);
    sums.right(0, dO, 0);
    sums.addTo(gradient.values(), rows, team);
  }

  private Panels back(Team team) {
    if (back.isEmpty()) {
      Panels transposed = new Panels(outputs, hidden);
      packing.addTransposed(transposed, decoder, outputs);
      packing.run(w, team);
      back = Optional.of(transposed);
    }
    return back.get();
  }

  @SuppressWarnings("NullAway.Init") // set before every run
  private final class ReadBackward implements Team.Task {
    private Panels back;
    private float[] dO = new float[0];
    private float[] q = new float[0];
    private int qRow;

    @Override
    public void run(Worker worker, int from, int to) {
      Arrays.fill(q, (qRow + from) * hidden, (qRow + to) * hidden, 0);
      worker.multiplyAdd(dO, from, to - from, back, q, qRow + from);
    }
  }
}
