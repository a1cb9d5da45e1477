package dev.lookback.analysis;

import dev.lookback.cell.Cell;
import dev.lookback.cell.Quantity;
import dev.lookback.cell.Span;
import dev.lookback.cell.Tape;
import dev.lookback.math.Team;
import dev.lookback.network.Layers;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of a quantity still answers: of the numbers that a sigmoid, tanh or rectifier gave over
 * a window, the share that lies where it is flat, so that hardly any credit goes back through it.
 *
 * @param layer of the network
 * @param quantity which
 * @param flat the share of all steps, lanes and units at which a sigmoid is within {@value #END} of
 *     0 or 1, or a tanh of -1 or 1; 0 for others
 * @param dead the share of the units of a rectifier that are 0 at all steps of all lanes; 0 for
 *     others
 */
public record Activity(int layer, Quantity quantity, double flat, double dead) {
  /** How near its end a sigmoid or a tanh counts as flat. */
  public static final float END = 0.01f;

  /**
   * Of all quantities of a network that can go flat, layer by layer from the state in which streams
   * begin. Nothing is dropped. Costs one way forward, and keeps all of its steps.
   */
  public static List<Activity> of(Network network, Weights weights, Window window, Team team) {
    network.check(window);
    Layers layers = new Layers(network);
    layers.pack(weights, team);
    State state = State.initial(network, weights, window.lanes());
    Span span = new Span().of(window, Links.whole(window.steps()));
    span.steps(0, 0, window.steps()).reading(inputs(network, layers, window), 0);
    List<Activity> all = new ArrayList<>();
    for (int l = 0; l < network.cells().size(); l++) {
      Cell cell = network.cells().get(l);
      Tape tape = new Tape(cell, window.steps(), window.lanes());
      tape.enter(state.layer(l));
      layers.layer(l).forward(span, tape, team);
      for (Quantity quantity : cell.quantities()) {
        if (quantity.range() != Quantity.Range.ANY) {
          all.add(of(l, quantity, quantity.on(tape), new Rows(quantity, window, cell.hidden())));
        }
      }
      // The tape below, behind its entering state.
      span.reading(tape.outputs(), window.lanes());
    }
    return all;
  }

  private static Inputs inputs(Network network, Layers layers, Window window) {
    if (network.embedding().isPresent() && window.inputs() instanceof Inputs.Tokens tokens) {
      int rows = window.steps() * window.lanes();
      int width = network.cells().get(0).inputs();
      float[] x = new float[rows * width];
      layers.embed(tokens.ids(), 0, rows, x, 0);
      return new Inputs.Dense(x, width);
    }
    return window.inputs();
  }

  // Of a quantity's array the rows [from, to) of so many units.
  private record Rows(int from, int to, int units) {
    Rows(Quantity quantity, Window window, int units) {
      this(quantity.row(0, window.lanes()), quantity.row(window.steps(), window.lanes()), units);
    }
  }

  private static Activity of(int layer, Quantity quantity, float[] values, Rows rows) {
    int units = rows.units();
    boolean[] alive = new boolean[units];
    long flat = 0;
    for (int i = rows.from() * units; i < rows.to() * units; i++) {
      float v = values[i];
      alive[i % units] |= v != 0;
      flat += isFlat(quantity.range(), v) ? 1 : 0;
    }
    int dead = 0;
    for (boolean unit : alive) {
      dead += unit ? 0 : 1;
    }
    boolean rectifies = quantity.range() == Quantity.Range.RELU;
    double share = (double) flat / ((long) (rows.to() - rows.from()) * units);
    return new Activity(layer, quantity, share, rectifies ? (double) dead / units : 0);
  }

  private static boolean isFlat(Quantity.Range range, float v) {
    return switch (range) {
      case SIGMOID -> v < END || v > 1 - END;
      case TANH -> Math.abs(v) > 1 - END;
      case RELU, ANY -> false;
    };
  }
}
