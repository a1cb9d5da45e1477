package dev.lookback.gradient;

import dev.lookback.cell.Adjoint;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Quantity;
import dev.lookback.loss.Loss;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Looks at every number of a pass for a {@link Trace}. */
final class Scan implements Witness {
  // Behind all quantities of a step.
  private static final int LAST = Integer.MAX_VALUE;

  private final Network network;
  private final Team team;
  private final Trace trace;
  private final Loss loss;
  // Of sigmoids and tanhs; their threads find them.
  private final List<Argument> infinite = Collections.synchronizedList(new ArrayList<>());
  private int behind;
  private int lanes = 1;
  private int sweep;

  Scan(Network network, Team team, Trace trace) {
    this.network = network;
    this.team = team;
    this.trace = trace;
    this.loss = Pass.lossOf(network.readout());
  }

  void begin(int behind, int lanes) {
    this.behind = behind;
    this.lanes = lanes;
    this.sweep = 0;
  }

  // What stands in some rows, one for each lane.
  private record Place(boolean forward, String quantity, OptionalInt layer, int step, int stage) {}

  private record Rows(float[] values, int row, int width) {}

  private record Argument(float[] plane, int at, float value) {}

  private void look(Place place, Rows rows) {
    int width = rows.width();
    int at = Trace.firstBad(rows.values(), rows.row() * width, (rows.row() + lanes) * width);
    if (at >= 0) {
      found(place, OptionalInt.of(at / width - rows.row()), rows.values()[at]);
    }
  }

  private void found(Place place, OptionalInt lane, float value) {
    int step = place.step() - behind;
    Origin origin =
        new Origin(place.forward(), place.quantity(), place.layer(), step, step, lane, value);
    trace.found(origin, sweep, place.stage());
  }

  @Override
  public void computing() {
    infinite.clear();
    team.watch(this::argument);
  }

  private void argument(float[] x, int from, int to) {
    int at = Trace.firstBad(x, from, to);
    // NaN stays NaN, and is found as what it becomes.
    if (at >= 0 && Float.isInfinite(x[at])) {
      infinite.add(new Argument(x, at, x[at]));
    }
  }

  @Override
  public void computed(Window window, Block block, int from, int to) {
    team.watch(Team.Arguments.NOBODY);
    for (int t = from; t < to; t++) {
      int step = block.start() + t;
      int stage = 0;
      for (int l = 0; l < network.cells().size(); l++) {
        Cell cell = network.cells().get(l);
        OptionalInt layer = OptionalInt.of(l);
        if (step == 0) {
          entering(block, l, stage);
        }
        stage += cell.planes();
        input(window, block, l, t, stage++);
        for (Quantity quantity : cell.quantities()) {
          Rows rows = new Rows(quantity.on(block.tape(l)), quantity.row(t, lanes), cell.hidden());
          String sum = "what goes into " + quantity.name();
          lookBefore(new Place(true, sum, layer, step, stage), rows);
          look(new Place(true, quantity.name(), layer, step, stage++), rows);
        }
      }
    }
  }

  // What stood in these rows before the sigmoid or tanh was taken.
  private void lookBefore(Place place, Rows rows) {
    for (Argument argument : infinite) {
      int lane = argument.at() / rows.width() - rows.row();
      if (argument.plane() == rows.values() && lane >= 0 && lane < lanes) {
        found(place, OptionalInt.of(lane), argument.value());
      }
    }
  }

  private void entering(Block block, int l, int stage) {
    Cell cell = network.cells().get(l);
    for (Quantity quantity : cell.quantities()) {
      if (quantity.state()) {
        String name = "the " + quantity.name() + " that enters";
        look(
            new Place(true, name, OptionalInt.of(l), 0, stage + quantity.plane()),
            new Rows(quantity.on(block.tape(l)), 0, cell.hidden()));
      }
    }
  }

  // What a layer reads, where that is not the state below as it is.
  private void input(Window window, Block block, int l, int t, int stage) {
    int step = block.start() + t;
    Place place = new Place(true, "input x", OptionalInt.of(l), step, stage);
    Inputs.Dense read = block.read(l);
    boolean drops = network.dropout() > 0;
    if (read.values().length > 0 && (l == 0 || drops)) {
      look(place, new Rows(read.values(), t * lanes, read.width()));
    } else if (l == 0 && window.inputs() instanceof Inputs.Dense dense) {
      look(place, new Rows(dense.values(), step * lanes, dense.width()));
    }
  }

  @Override
  public void read(Window window, int first, int rows, float[] outputs) {
    int width = network.readout().outputs();
    for (int r = 0; r < rows; r++) {
      if (window.weight().isPresent() && window.weight().get()[first + r] == 0) {
        // Masked: whatever stands there, it neither counts nor teaches.
        continue;
      }
      int step = (first + r) / lanes;
      OptionalInt lane = OptionalInt.of((first + r) % lanes);
      int at = Trace.firstBad(outputs, r * width, (r + 1) * width);
      if (at >= 0) {
        Place place = new Place(true, "output o", OptionalInt.empty(), step, LAST - 1);
        found(place, lane, outputs[at]);
      } else {
        float[] row = Arrays.copyOfRange(outputs, r * width, (r + 1) * width);
        Loss.RowRange range = new Loss.RowRange(first + r, 1, width);
        double value = loss.lossAndGradient(row, range, window.targets(), window.weight(), 1, team);
        if (!Double.isFinite(value)) {
          Place place = new Place(true, "loss", OptionalInt.empty(), step, LAST);
          found(place, lane, (float) value);
        }
      }
    }
  }

  @Override
  public void judged(int first, int rows, float[] gradients) {
    int width = network.readout().outputs();
    for (int r = 0; r < rows; r += lanes) {
      int step = (first + r) / lanes;
      look(
          new Place(false, "output o", OptionalInt.empty(), step, 0),
          new Rows(gradients, r, width));
    }
  }

  @Override
  public void crossed(Block block, int from, int to, Adjoint[] adjoints, Weights gradient) {
    for (int t = to - 1; t >= from; t--) {
      int stage = 1;
      for (int l = adjoints.length - 1; l >= 0; l--) {
        stage = back(block, l, t, adjoints[l], stage);
        if (t == from && network.cells().get(l).deltas().isEmpty()) {
          carries(block, l, t, adjoints[l], stage);
        }
        stage += network.cells().get(l).planes();
      }
    }
    sums(gradient, block.start() + from, block.start() + to - 1);
  }

  private int back(Block block, int l, int t, Adjoint adjoint, int stage) {
    Cell cell = network.cells().get(l);
    OptionalInt layer = OptionalInt.of(l);
    int step = block.start() + t;
    int next = stage;
    look(
        new Place(false, "hidden state h through the output alone (q)", layer, step, next++),
        new Rows(adjoint.q(), t * lanes, cell.hidden()));
    List<String> names = cell.deltas();
    for (int d = 0; d < adjoint.deltas().length; d++) {
      look(
          new Place(false, names.get(d) + " (delta)", layer, step, next++),
          new Rows(adjoint.deltas()[d], t * lanes, cell.hidden()));
    }
    return next;
  }

  // What has come back over the link in front of a block. Elsewhere delta has it, if it counts.
  private void carries(Block block, int l, int t, Adjoint adjoint, int stage) {
    Cell cell = network.cells().get(l);
    for (Quantity quantity : cell.quantities()) {
      if (quantity.state()) {
        String name = "the " + quantity.name() + " of the step before (delta)";
        int step = block.start() + t;
        look(
            new Place(false, name, OptionalInt.of(l), step, stage + quantity.plane()),
            new Rows(adjoint.carry()[quantity.plane()], 0, cell.hidden()));
      }
    }
  }

  @Override
  public void swept(Weights gradient) {
    sums(gradient, behind, behind);
    sweep++;
  }

  // Last tensors first, as the way back reaches them. They are sums over all lanes, and those of a
  // block over its steps.
  private void sums(Weights gradient, int first, int last) {
    List<Tensor> tensors = gradient.layout().tensors();
    for (int i = tensors.size() - 1; i >= 0 && !trace.foundBackward(); i--) {
      Tensor tensor = tensors.get(i);
      int at = Trace.firstBad(gradient.values(), tensor.offset(), tensor.end());
      if (at >= 0) {
        OptionalInt none = OptionalInt.empty();
        float value = gradient.values()[at];
        trace.found(
            new Origin(false, tensor.name(), none, first - behind, last - behind, none, value),
            sweep,
            LAST);
      }
    }
  }
}
