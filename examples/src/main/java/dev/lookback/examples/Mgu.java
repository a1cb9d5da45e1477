package dev.lookback.examples;

import dev.lookback.cell.GatedCell;
import dev.lookback.cell.Step;

/**
 * A cell of one's own: the minimal gated unit (Zhou, Wu, Zhang and Zhou 2016), f = sigmoid(x W_f +
 * h' U_f + b_f), n = tanh(x W_n + (f h') U_n + b_n), h = (1 - f) h' + f n.
 */
record Mgu(int inputs, int hidden) implements GatedCell {
  private static final int F = 0;
  private static final int N = 1;

  @Override
  public String label() {
    return "mgu";
  }

  @Override
  public int gates() {
    return 2;
  }

  @Override
  public int direct() {
    return 1; // n reads f h'
  }

  @Override
  public void gateState(Step s) {
    s.sigmoid(F);
    for (int j = 0; j < s.numbers(); j++) {
      s.gated(j, s.gate(F, j) * s.before(0, j));
    }
  }

  @Override
  public void forward(Step s) {
    s.tanh(N);
    for (int j = 0; j < s.numbers(); j++) {
      s.after(0, j, s.before(0, j) + s.gate(F, j) * (s.gate(N, j) - s.before(0, j)));
    }
  }

  @Override
  public void backward(Step s) {
    for (int j = 0; j < s.numbers(); j++) {
      float f = s.gate(F, j);
      float n = s.gate(N, j);
      s.gateDelta(N, j, s.delta(0, j) * f * (1 - n * n));
      s.gateDelta(F, j, s.delta(0, j) * (n - s.before(0, j)) * f * (1 - f));
      s.sendBack(0, j, s.delta(0, j) * (1 - f));
    }
  }

  @Override
  public void gateStateBackward(Step s) {
    for (int j = 0; j < s.numbers(); j++) {
      float f = s.gate(F, j);
      float df = s.gatedDelta(j) * s.before(0, j) * f * (1 - f);
      s.gateDelta(F, j, s.gateDelta(F, j) + df);
      s.addBack(0, j, s.gatedDelta(j) * f);
    }
  }
}
