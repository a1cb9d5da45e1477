package dev.lookback.book;

/**
 * What a forward run of a {@link RecurrentNetwork} leaves behind.
 *
 * @param network the network that ran
 * @param window what it was shown
 * @param state the state that entered, {@code [layers][B]}
 * @param after the states after each step, {@code [layers][T][B]}
 * @param o outputs, {@code [T][B][O]}
 */
public record RecurrentTrace(
    RecurrentNetwork network,
    BookWindow window,
    CellState[][] state,
    CellState[][][] after,
    double[][][] o) {

  /** T. */
  public int steps() {
    return window.steps();
  }

  /** B. */
  public int lanes() {
    return window.lanes();
  }

  /** The state that enters step t of lane b in layer l. */
  public CellState entering(int l, int t, int b) {
    if (window.reset()[t][b]) {
      return network.layers().get(l).start();
    }
    return t == 0 ? state[l][b] : after[l][t - 1][b];
  }

  /** The {@code x_t} of layer l: the network's own, or the masked output of the layer below. */
  public double[] layerInput(int l, int t, int b) {
    if (l > 0) {
      return masked(l - 1, t, b, after[l - 1][t][b].h());
    }
    if (window.inputs() instanceof BookWindow.Tokens tokens) {
      return network.embed(tokens.ids()[t][b]);
    }
    return ((BookWindow.Numbers) window.inputs()).x()[t][b];
  }

  /**
   * {@code v} times the mask over layer l. It takes the output up and the derivative down, for the
   * mask is the same for both.
   */
  double[] masked(int l, int t, int b, double[] v) {
    return window.mask().length == 0 ? v : Matrices.elementwise(window.mask()[l][t][b], v);
  }

  /** {@code L = sum_t sum_b l / (T B)}. */
  public double loss(BookLoss loss) {
    return loss(loss, (double) steps() * lanes());
  }

  /** {@code L = sum_t sum_b l / denominator}. */
  public double loss(BookLoss loss, double denominator) {
    double sum = 0;
    for (int t = 0; t < steps(); t++) {
      for (int b = 0; b < lanes(); b++) {
        sum += loss.value(t, b, o[t][b]);
      }
    }
    return sum / denominator;
  }
}
