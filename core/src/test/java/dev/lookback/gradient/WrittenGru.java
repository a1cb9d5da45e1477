package dev.lookback.gradient;

import dev.lookback.cell.Biases;
import dev.lookback.cell.GatedCell;
import dev.lookback.cell.Step;

/** The original GRU, whose candidate reads r * h', written down number by number. */
record WrittenGru(int inputs, int hidden, Biases biases, boolean learnsState) implements GatedCell {
  private static final int R = 0;
  private static final int Z = 1;
  private static final int N = 2;

  @Override
  public String label() {
    return "written-gru";
  }

  @Override
  public int gates() {
    return 3;
  }

  @Override
  public int direct() {
    return 2;
  }

  @Override
  public void gateState(Step s) {
    s.sigmoid(R);
    for (int j = 0; j < s.numbers(); j++) {
      s.gated(j, s.gate(R, j) * s.before(0, j));
    }
  }

  // h = (1 - z) n + z h'.
  @Override
  public void forward(Step s) {
    s.sigmoid(Z);
    s.tanh(N);
    for (int j = 0; j < s.numbers(); j++) {
      float z = s.gate(Z, j);
      s.after(0, j, (1 - z) * s.gate(N, j) + z * s.before(0, j));
    }
  }

  @Override
  public void backward(Step s) {
    for (int j = 0; j < s.numbers(); j++) {
      float z = s.gate(Z, j);
      float n = s.gate(N, j);
      float dh = s.delta(0, j);
      s.gateDelta(Z, j, dh * (s.before(0, j) - n) * z * (1 - z));
      s.gateDelta(N, j, dh * (1 - z) * (1 - n * n));
      s.sendBack(0, j, dh * z);
    }
  }

  @Override
  public void gateStateBackward(Step s) {
    for (int j = 0; j < s.numbers(); j++) {
      float r = s.gate(R, j);
      float ds = s.gatedDelta(j);
      s.gateDelta(R, j, ds * s.before(0, j) * r * (1 - r));
      s.addBack(0, j, ds * r);
    }
  }
}
