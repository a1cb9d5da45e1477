package dev.lookback.testkit;

import dev.lookback.cell.Cell;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.Arrays;
import java.util.Locale;

/**
 * A network with random numbers everywhere, biases, initial states and the entering state included,
 * and one window to go through.
 *
 * @param name what is special about it
 */
record Trial(String name, Network network, Weights weights, Window window, State state) {

  /**
   * What a way back gave.
   *
   * @param gradient of the mean loss, by the weights
   * @param byState of the mean loss, by the entering state
   * @param end the state after the last step
   */
  record Outcome(double loss, float[] gradient, State byState, State end) {}

  static Trial of(String name, Network network, int lanes, int steps, boolean tokens) {
    Randomness r = Randomness.of(7).with(name);
    Weights weights = network.initialize(Initialization.orthogonal(), 7);
    for (Tensor tensor : weights.layout().tensors()) {
      double noise = tensor.vector() ? 0.3 : 0.05;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        weights.values()[i] += (float) (noise * r.gaussian(i));
      }
    }
    int rows = steps * lanes;
    int outputs = network.readout().outputs();
    Inputs inputs =
        tokens
            ? new Inputs.Tokens(ids(r.with("x"), rows, network.inputs()))
            : new Inputs.Dense(numbers(r.with("x"), rows * network.inputs(), 1), network.inputs());
    Targets targets =
        switch (network.readout().kind()) {
          case SOFTMAX -> new Targets.Classes(ids(r.with("y"), rows, outputs));
          case LINEAR -> new Targets.Values(numbers(r.with("y"), rows * outputs, 1), outputs);
        };
    State state = State.zeros(network, lanes);
    for (int l = 0; l < network.cells().size(); l++) {
      for (int p = 0; p < state.layer(l).length; p++) {
        float[] plane = state.layer(l)[p];
        float[] drawn = numbers(r.with("state").with(l).with(p), plane.length, 0.5);
        System.arraycopy(drawn, 0, plane, 0, plane.length);
      }
    }
    return new Trial(name, network, weights, Window.of(steps, lanes, inputs, targets), state);
  }

  /** The exact gradient of a window. */
  static Coupled exact(Window window) {
    return Coupling.full().couple(window.steps(), window.lanes(), Randomness.of(0));
  }

  static float[] numbers(Randomness r, int count, double deviation) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (deviation * r.gaussian(i));
    }
    return numbers;
  }

  static int[] ids(Randomness r, int count, int bound) {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = r.below(bound, i);
    }
    return ids;
  }

  Trial with(Window other) {
    return new Trial(name, network, weights, other, state);
  }

  /** Lanes that start afresh at some steps of theirs, never all at once. */
  Trial withResets() {
    boolean[] reset = new boolean[steps() * lanes()];
    for (int b = 0; b < lanes(); b++) {
      reset[(1 + b) % steps() * lanes() + b] = true;
      reset[(4 + 2 * b) % steps() * lanes() + b] = true;
    }
    return with(window.withReset(reset));
  }

  /** Rows of different weight, none of them zero. */
  Trial withSampleWeights() {
    float[] weight = new float[steps() * lanes()];
    for (int row = 0; row < weight.length; row++) {
      weight[row] = 0.5f + row % 3;
    }
    return with(window.withWeight(weight));
  }

  /** Lane b alone. */
  Trial lane(int b) {
    int outputs = network.readout().outputs();
    int[] rows = new int[steps()];
    Arrays.setAll(rows, t -> t * lanes() + b);
    Inputs inputs =
        window.inputs() instanceof Inputs.Dense dense
            ? new Inputs.Dense(pick(dense.values(), rows, dense.width()), dense.width())
            : new Inputs.Tokens(
                Arrays.stream(rows).map(r -> ((Inputs.Tokens) window.inputs()).ids()[r]).toArray());
    Targets targets =
        window.targets() instanceof Targets.Values values
            ? new Targets.Values(pick(values.values(), rows, outputs), outputs)
            : new Targets.Classes(
                Arrays.stream(rows)
                    .map(r -> ((Targets.Classes) window.targets()).ids()[r])
                    .toArray());
    Window alone = Window.of(steps(), 1, inputs, targets);
    if (window.reset().isPresent()) {
      boolean[] reset = new boolean[steps()];
      for (int t = 0; t < reset.length; t++) {
        reset[t] = window.reset().get()[rows[t]];
      }
      alone = alone.withReset(reset);
    }
    State entering = State.zeros(network, 1);
    for (int l = 0; l < network.cells().size(); l++) {
      for (int p = 0; p < entering.layer(l).length; p++) {
        int hidden = entering.layer(l)[p].length;
        System.arraycopy(state.layer(l)[p], b * hidden, entering.layer(l)[p], 0, hidden);
      }
    }
    return new Trial(name, network, weights, alone, entering);
  }

  private static float[] pick(float[] values, int[] rows, int width) {
    float[] picked = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * width, picked, i * width, width);
    }
    return picked;
  }

  int steps() {
    return window.steps();
  }

  int lanes() {
    return window.lanes();
  }

  /** One way forward and back in blocks of so many steps. */
  Outcome run(Coupled coupled, int blockSteps, Team team) {
    return run(coupled, blockSteps, Memory.unlimited(), team);
  }

  Outcome run(Coupled coupled, int blockSteps, Memory memory, Team team) {
    Pass pass = new Pass(network, lanes(), blockSteps, memory, team);
    Weights gradient = Weights.zeros(network.layout());
    State byState = State.zeros(network, lanes());
    State end = state.copy();
    Pass.Result result = pass.run(weights, window, coupled, end, gradient, byState);
    return new Outcome(result.loss(), gradient.values(), byState, end);
  }

  /** Its cells, sizes and window in words. */
  String describe() {
    StringBuilder cells = new StringBuilder();
    for (Cell cell : network.cells()) {
      cells
          .append(cells.length() == 0 ? "" : " under ")
          .append(cell.label())
          .append("[inputs=" + cell.inputs() + ", hidden=" + cell.hidden() + "]");
    }
    return String.format(
        Locale.ROOT, "%s (%s, %d steps of %d lanes)", cells, name, steps(), lanes());
  }
}
