package dev.lookback.cell;

import dev.lookback.math.OuterProducts;
import dev.lookback.math.Packing;
import dev.lookback.math.Panels;
import dev.lookback.math.Part;
import dev.lookback.math.Team;
import dev.lookback.math.Worker;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The linear half of a layer of G gates, forward and back: {@code a^g = x W^g_xh + s W^g_hh + b^g}.
 *
 * <p>What concerns all steps of a block at once - the inputs' part, the weights' gradient, what
 * goes down to the layer below - is one product over all its rows. The state's part is one product
 * for each step.
 */
final class Linear {
  private final int inputs;
  private final int hidden;
  private final Wiring wiring;
  private final Tensors tensors;
  private final Panels[] hhForward;
  private final float[][] initial;
  // For each plane of the gates what its rows start from: the biases.
  private final float[][] starts;
  private final Packing packing = new Packing();
  // Only dense inputs need W_xh packed, only a way back the transposes, and only a layer above
  // another sends back dL/dx.
  private Panels[] xhForward = new Panels[0];
  private Panels[] hhBackward = new Panels[0];
  private Panels[] xhBackward = new Panels[0];
  private float[] w = new float[0];

  private final Project project = new Project();
  private final Scatter scatter = new Scatter();
  private final SendDown sendDown = new SendDown();
  private final OuterProducts tokenSums;
  private final OuterProducts denseSums;

  Linear(Cell cell, Tensors tensors, Wiring wiring) {
    this.inputs = cell.inputs();
    this.hidden = cell.hidden();
    this.wiring = wiring;
    this.tensors = tensors;
    int gates = wiring.gates();
    this.hhForward = new Panels[gates];
    for (int g = 0; g < gates; g++) {
      hhForward[g] = new Panels(hidden, hidden);
      packing.add(hhForward[g], tensors.wHh().offset() + g * hidden, gates * hidden);
    }
    this.initial = new float[tensors.initial().length][hidden];
    int planes = 0;
    for (int g = 0; g < gates; g++) {
      planes = Math.max(planes, 1 + Math.max(wiring.input()[g], wiring.recurrent()[g]));
    }
    this.starts = new float[planes][hidden];
    this.tokenSums = sums(cell, false);
    this.denseSums = sums(cell, true);
  }

  /** H. */
  int hidden() {
    return hidden;
  }

  /** G H H: what a step multiplies each lane by. */
  long recurrentWeights() {
    return (long) wiring.gates() * hidden * hidden;
  }

  /** Takes the weights as they are now. */
  void pack(Weights weights, Team team) {
    w = weights.values();
    packing.run(w, team);
    for (float[] start : starts) {
      Arrays.fill(start, 0);
    }
    for (int g = 0; g < wiring.gates(); g++) {
      int from = g * hidden;
      float[] ih = starts[wiring.input()[g]];
      float[] hh = starts[wiring.recurrent()[g]];
      for (int j = 0; j < hidden; j++) {
        ih[j] += tensors.biasIh().isPresent() ? w[tensors.biasIh().get().offset() + from + j] : 0;
        hh[j] += tensors.biasHh().isPresent() ? w[tensors.biasHh().get().offset() + from + j] : 0;
      }
    }
    for (int p = 0; p < initial.length; p++) {
      System.arraycopy(w, tensors.initial()[p].offset(), initial[p], 0, hidden);
    }
  }

  /** The state in which a lane starts afresh, {@code [H]} for each plane; none where it is zero. */
  float[][] initial() {
    return initial;
  }

  /**
   * {@code planes = x W_xh + b} for all rows of the span; row 0 of the tape's first step is row
   * {@code offset} of the planes.
   */
  void project(Span span, float[][] planes, int offset, int lanes, Team team) {
    if (span.inputs() instanceof Inputs.Dense && xhForward.length == 0) {
      xhForward = new Panels[wiring.gates()];
      for (int g = 0; g < xhForward.length; g++) {
        xhForward[g] = new Panels(inputs, hidden);
        packing.add(xhForward[g], tensors.wXh().offset() + g * hidden, wiring.gates() * hidden);
      }
      packing.run(w, team);
    }
    project.span = span;
    project.planes = planes;
    project.offset = offset;
    project.lanes = lanes;
    int width = span.inputs() instanceof Inputs.Dense ? inputs : 8;
    team.split(span.steps() * lanes, (long) width * wiring.gates() * hidden, project);
  }

  private final class Project implements Team.Task {
    private Span span = new Span();
    private float[][] planes = new float[0][];
    private int offset;
    private int lanes;

    @Override
    public void run(Worker worker, int r0, int r1) {
      int first = span.from() * lanes + r0;
      int rows = r1 - r0;
      for (int p = 0; p < starts.length; p++) {
        for (int i = 0; i < rows; i++) {
          System.arraycopy(starts[p], 0, planes[p], (offset + first + i) * hidden, hidden);
        }
      }
      int x = span.inputRow() + first;
      for (int g = 0; g < wiring.gates(); g++) {
        float[] plane = planes[wiring.input()[g]];
        if (span.inputs() instanceof Inputs.Dense dense) {
          worker.multiplyAdd(dense.values(), x, rows, xhForward[g], plane, offset + first);
        } else if (span.inputs() instanceof Inputs.Tokens tokens) {
          for (int i = 0; i < rows; i++) {
            int row = tensors.wXh().offset() + tokens.ids()[x + i] * wiring.gates() * hidden;
            worker.add(w, row + g * hidden, plane, (offset + first + i) * hidden, hidden);
          }
        }
      }
    }
  }

  /**
   * {@code planes += s W^g_hh} for a part of a step: row {@code aRow} of s, {@code cRow} of them.
   */
  void addRecurrence(
      Worker worker, Part part, int gate, float[] s, int aRow, float[][] planes, int cRow) {
    worker.multiplyAdd(part, s, aRow, hhForward[gate], planes[wiring.recurrent()[gate]], cRow);
  }

  /** Makes ready for {@link #sendBack}, before the threads set out. */
  void prepareBack(Team team) {
    if (hhBackward.length == 0) {
      hhBackward = new Panels[wiring.gates()];
      for (int g = 0; g < hhBackward.length; g++) {
        hhBackward[g] = new Panels(hidden, hidden);
        int offset = tensors.wHh().offset() + g * hidden;
        packing.addTransposed(hhBackward[g], offset, wiring.gates() * hidden);
      }
      packing.run(w, team);
    }
  }

  /** {@code carry += d^g W^g_hh^T} for a part of a step whose first row of d is {@code row}. */
  void sendBack(Worker worker, Part part, int gate, float[][] d, int row, float[] carry) {
    worker.multiplyAdd(part, d[wiring.recurrent()[gate]], row, hhBackward[gate], carry, 0);
  }

  /**
   * Puts xi on what a part sends back over the link in front of step t; where a lane starts afresh
   * it belongs to the initial state.
   */
  void couple(Span span, int t, Part part, int lanes, Adjoint adjoint) {
    for (int b = part.b0(); b < part.b1(); b++) {
      float xi = span.xi(t, b, lanes);
      if (xi == 1) {
        continue;
      }
      boolean afresh = initial.length > 0 && span.startsAfresh(t, b, lanes);
      for (int p = 0; p < adjoint.carry().length; p++) {
        float[] carry = adjoint.carry()[p];
        for (int i = b * hidden + part.u0(); i < b * hidden + part.u1(); i++) {
          if (afresh) {
            adjoint.initial()[p][i] += carry[i];
          }
          // Not xi * carry where xi is 0: what is cut is gone, were it infinite.
          carry[i] = xi == 0 ? 0 : xi * carry[i];
        }
      }
    }
  }

  /** Whether nothing at all needs to be sent back over the link in front of step t. */
  boolean isCut(Span span, int t, Part part, int lanes) {
    return span.isCut(t, part.b0(), part.b1(), lanes)
        && (initial.length == 0 || !span.hasReset(t, part.b0(), part.b1(), lanes));
  }

  /** The states of plane p that entered the span's steps; row 0 belongs to the tape's first. */
  float[] previous(Span span, Tape tape, Adjoint adjoint, int p) {
    int lanes = tape.lanes();
    if (!span.hasReset(lanes)) {
      return tape.plane(p);
    }
    float[] states = adjoint.previous(p);
    System.arraycopy(
        tape.plane(p),
        span.from() * lanes * hidden,
        states,
        span.from() * lanes * hidden,
        span.steps() * lanes * hidden);
    for (int t = span.from(); t < span.to(); t++) {
      for (int b = 0; b < lanes; b++) {
        int at = (t * lanes + b) * hidden;
        if (span.startsAfresh(t, b, lanes)) {
          for (int j = 0; j < hidden; j++) {
            states[at + j] = initial.length == 0 ? 0 : initial[p][j];
          }
        }
      }
    }
    return states;
  }

  /**
   * {@code dW_xh += x^T d}, {@code dW_hh += s^T d}, {@code db += sum d} over all rows of the span,
   * given the states that entered its steps.
   */
  void addGradients(
      Span span, Tape tape, float[] previous, float[][] d, Weights gradient, Team team) {
    int first = span.from() * tape.lanes();
    int rows = span.steps() * tape.lanes();
    OuterProducts sums = tokenSums;
    if (span.inputs() instanceof Inputs.Dense dense) {
      sums = denseSums;
      sums.left(0, dense.values(), span.inputRow() + first);
    } else if (span.inputs() instanceof Inputs.Tokens tokens) {
      scatter.set(tokens.ids(), span.inputRow() + first, first, rows);
      scatter.d = d;
      scatter.g = gradient.values();
      team.split(wiring.gates(), (long) rows * hidden * 2, scatter);
    }
    int left = sums == denseSums ? 1 : 0;
    sums.left(left, previous, first);
    for (int g = 0; g < wiring.gates(); g++) {
      if (wiring.gated()[g] != Wiring.STATE) {
        sums.left(++left, tape.gates()[wiring.gated()[g]], first);
      }
    }
    for (int p = 0; p < d.length; p++) {
      sums.right(p, d[p], first);
    }
    sums.addTo(gradient.values(), rows, team);
  }

  private OuterProducts sums(Cell cell, boolean dense) {
    int gates = wiring.gates();
    List<Integer> lefts = new ArrayList<>();
    if (dense) {
      lefts.add(inputs);
    }
    int state = lefts.size();
    lefts.add(hidden);
    List<OuterProducts.Term> terms = new ArrayList<>();
    for (int g = 0; g < gates; g++) {
      int ih = wiring.input()[g];
      int hh = wiring.recurrent()[g];
      int at = g * hidden;
      int left = state;
      if (wiring.gated()[g] != Wiring.STATE) {
        left = lefts.size();
        lefts.add(hidden);
      }
      terms.add(new OuterProducts.Term(left, hh, tensors.wHh().offset() + at, gates * hidden));
      if (dense) {
        terms.add(new OuterProducts.Term(0, ih, tensors.wXh().offset() + at, gates * hidden));
      }
      tensors
          .biasIh()
          .ifPresent(
              b -> terms.add(new OuterProducts.Term(OuterProducts.ONES, ih, b.offset() + at, 0)));
      tensors
          .biasHh()
          .ifPresent(
              b -> terms.add(new OuterProducts.Term(OuterProducts.ONES, hh, b.offset() + at, 0)));
    }
    int[] rights = new int[cell.deltaPlanes()];
    Arrays.fill(rights, hidden);
    return new OuterProducts(lefts.stream().mapToInt(i -> i).toArray(), rights, terms);
  }

  // A token's row of W_xh learns what its steps send; threads take gates, so that no two of them
  // write the same number.
  private final class Scatter implements Team.Task {
    private int[] ids = new int[0];
    private int idRow;
    private int row;
    private int rows;
    private float[][] d = new float[0][];
    private float[] g = new float[0];

    void set(int[] ids, int idRow, int row, int rows) {
      this.ids = ids;
      this.idRow = idRow;
      this.row = row;
      this.rows = rows;
    }

    @Override
    public void run(Worker worker, int from, int to) {
      int width = wiring.gates() * hidden;
      for (int gate = from; gate < to; gate++) {
        float[] delta = d[wiring.input()[gate]];
        int column = tensors.wXh().offset() + gate * hidden;
        for (int i = 0; i < rows; i++) {
          worker.add(delta, (row + i) * hidden, g, column + ids[idRow + i] * width, hidden);
        }
      }
    }
  }

  /** {@code dL/dx = sum_g d^g W^g_xh^T} for all rows of the span, into the same rows of dx. */
  void sendDown(Span span, float[][] d, int lanes, float[] dx, Team team) {
    if (xhBackward.length == 0) {
      xhBackward = new Panels[wiring.gates()];
      for (int g = 0; g < xhBackward.length; g++) {
        xhBackward[g] = new Panels(hidden, inputs);
        packing.addTransposed(
            xhBackward[g], tensors.wXh().offset() + g * hidden, wiring.gates() * hidden);
      }
      packing.run(w, team);
    }
    sendDown.d = d;
    sendDown.dx = dx;
    sendDown.first = span.from() * lanes;
    team.split(span.steps() * lanes, (long) wiring.gates() * inputs * hidden, sendDown);
  }

  private final class SendDown implements Team.Task {
    private float[][] d = new float[0][];
    private float[] dx = new float[0];
    private int first;

    @Override
    public void run(Worker worker, int r0, int r1) {
      int row = first + r0;
      Arrays.fill(dx, row * inputs, (first + r1) * inputs, 0);
      for (int g = 0; g < wiring.gates(); g++) {
        worker.multiplyAdd(d[wiring.input()[g]], row, r1 - r0, xhBackward[g], dx, row);
      }
    }
  }

  /** Adds what came back to the initial states to their gradient, lane by lane. */
  void addInitialGradient(Adjoint adjoint, int lanes, Weights gradient) {
    for (int p = 0; p < initial.length; p++) {
      int offset = tensors.initial()[p].offset();
      for (int b = 0; b < lanes; b++) {
        for (int j = 0; j < hidden; j++) {
          gradient.values()[offset + j] += adjoint.initial()[p][b * hidden + j];
        }
      }
    }
  }
}
