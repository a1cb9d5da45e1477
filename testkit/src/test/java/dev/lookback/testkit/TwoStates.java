package dev.lookback.testkit;

import dev.lookback.cell.GatedCell;
import dev.lookback.cell.Step;

/**
 * Two planes of state, learned initial ones, and a gate that reads the gated state, all at once:
 * {@code c = c'/2 + tanh(x W_a + h' U_a)}, {@code s = h' c'}, {@code h = tanh(x W_n + s U_n) +
 * c/4}.
 */
record TwoStates(int inputs, int hidden, boolean learnsState) implements GatedCell {
  TwoStates(int inputs, int hidden) {
    this(inputs, hidden, false);
  }

  @Override
  public TwoStates withLearnedState() {
    return new TwoStates(inputs, hidden, true);
  }

  @Override
  public String label() {
    return "two-states";
  }

  @Override
  public int planes() {
    return 2;
  }

  @Override
  public int gates() {
    return 2;
  }

  @Override
  public int direct() {
    return 1;
  }

  @Override
  public void gateState(Step s) {
    for (int j = 0; j < s.numbers(); j++) {
      s.gated(j, s.before(0, j) * s.before(1, j));
    }
  }

  @Override
  public void forward(Step s) {
    s.tanh(0);
    s.tanh(1);
    for (int j = 0; j < s.numbers(); j++) {
      s.after(1, j, 0.5f * s.before(1, j) + s.gate(0, j));
      s.after(0, j, s.gate(1, j) + 0.25f * s.after(1, j));
    }
  }

  @Override
  public void backward(Step s) {
    for (int j = 0; j < s.numbers(); j++) {
      float a = s.gate(0, j);
      float n = s.gate(1, j);
      float dh = s.delta(0, j);
      float dc = s.delta(1, j) + 0.25f * dh;
      s.gateDelta(0, j, dc * (1 - a * a));
      s.gateDelta(1, j, dh * (1 - n * n));
      s.sendBack(0, j, 0);
      s.sendBack(1, j, 0.5f * dc);
    }
  }

  @Override
  public void gateStateBackward(Step s) {
    for (int j = 0; j < s.numbers(); j++) {
      float ds = s.gatedDelta(j);
      s.addBack(0, j, ds * s.before(1, j));
      s.addBack(1, j, ds * s.before(0, j));
    }
  }
}
