package dev.lookback.cli.explain;

import dev.lookback.book.Matrices;
import dev.lookback.cell.Elman;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Pass;
import dev.lookback.loss.Loss;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.Optional;

/**
 * Asks the engine for what the equations name. It is made to train, not to be looked into: what it
 * does not hand out is asked for through a loss or a network of which it is a gradient.
 */
final class Engine {
  private final Team team;

  Engine(Team team) {
    this.team = team;
  }

  /**
   * What a pass gives.
   *
   * @param loss L
   * @param gradient dL/dw
   */
  record Found(double loss, Weights gradient) {
    double[][] matrix(String name) {
      return Setup.matrix(gradient, name);
    }
  }

  Found gradient(Setup setup, Coupled coupled) {
    Pass pass = new Pass(setup.network(), 1, team);
    Weights gradient = Weights.zeros(setup.network().layout());
    State state = setup.state().copy();
    Pass.Result result = pass.run(setup.weights(), setup.window(), coupled, state, gradient);
    return new Found(result.loss(), gradient);
  }

  /** h_1 .. h_T: where the engine stands after each number of steps. */
  double[][] states(Setup setup) {
    Predictor predictor = new Predictor(setup.network(), setup.weights(), 1, team);
    double[][] h = new double[setup.steps()][];
    Window whole = setup.window();
    for (int t = 0; t < h.length; t++) {
      State state = setup.state().copy();
      Window prefix = Window.of(t + 1, 1, whole.inputs(), whole.targets());
      predictor.run(prefix, state, (first, steps, o) -> {});
      h[t] = Setup.rows(state.layer(0)[0], setup.hidden())[0];
    }
    return h;
  }

  /** o_1 .. o_T. */
  double[][] outputs(Setup setup) {
    return Setup.rows(rawOutputs(setup), setup.network().readout().outputs());
  }

  private float[] rawOutputs(Setup setup) {
    Predictor predictor = new Predictor(setup.network(), setup.weights(), 1, team);
    return predictor.outputs(setup.window(), setup.state().copy());
  }

  /** dL/do_1 .. dL/do_T: the engine's loss on the engine's outputs. */
  double[][] lossByOutput(Setup setup) {
    float[] o = rawOutputs(setup);
    Readout readout = setup.network().readout();
    Loss loss = Pass.lossOf(readout);
    Loss.RowRange rows = new Loss.RowRange(0, setup.steps(), readout.outputs());
    double scale = 1.0 / setup.steps();
    loss.lossAndGradient(o, rows, setup.window().targets(), Optional.empty(), scale, team);
    return Setup.rows(o, readout.outputs());
  }

  /**
   * dL/da_1 .. dL/da_T, a_t what goes into phi: each step's input becomes a token of its own, whose
   * row of weights is x_t W_xh, so that the gradient of that row is the step's.
   */
  double[][] byPreActivation(Setup setup, double[][] x, Coupled coupled) {
    int steps = setup.steps();
    Elman cell = (Elman) setup.network().top();
    Network own =
        Network.of(
            new Elman(steps, cell.hidden(), cell.activation(), cell.biases()),
            setup.network().readout());
    Weights weights = Weights.zeros(own.layout());
    own.layout().tensors().stream()
        .skip(1)
        .forEach(tensor -> Setup.fill(weights, tensor.name(), setup.matrix(tensor.name())));
    double[][] projected = Matrices.multiply(x, setup.matrix("rnn.weight_ih_l0"));
    Setup.fill(weights, "rnn.weight_ih_l0", projected);
    int[] ids = new int[steps];
    for (int t = 0; t < steps; t++) {
      ids[t] = t;
    }
    Window window = Window.of(steps, 1, new Inputs.Tokens(ids), setup.window().targets());
    Setup tokens = new Setup(own, weights, window, setup.state());
    return gradient(tokens, coupled).matrix("rnn.weight_ih_l0");
  }

  /**
   * dh_t/dw of unit {@code unit} at step {@code t} (from 0), every weight: the gradient of a
   * squared error whose derivative is 1 there and 0 elsewhere.
   */
  Found byWeights(Setup setup, int t, int unit, Coupled coupled) {
    int hidden = setup.hidden();
    Network read = Network.of(setup.network().top(), Readout.linear(hidden).withoutBias());
    Weights weights = Weights.zeros(read.layout());
    read.layout()
        .tensors()
        .forEach(
            tensor ->
                Setup.fill(
                    weights,
                    tensor.name(),
                    tensor.name().equals("decoder.weight")
                        ? Matrices.identity(hidden)
                        : setup.matrix(tensor.name())));
    float[] targets = new float[setup.steps() * hidden];
    double[][] h = states(setup);
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) h[i / hidden][i % hidden];
    }
    targets[t * hidden + unit] -= 1;
    float[] only = new float[setup.steps()];
    only[t] = 1;
    Window window =
        Window.of(setup.steps(), 1, setup.window().inputs(), new Targets.Values(targets, hidden))
            .withWeight(only);
    return gradient(new Setup(read, weights, window, setup.state()), coupled);
  }
}
