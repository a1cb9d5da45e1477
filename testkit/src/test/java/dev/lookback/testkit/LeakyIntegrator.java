package dev.lookback.testkit;

import dev.lookback.cell.GatedCell;
import dev.lookback.cell.Step;

/**
 * A leaky integrator (Jaeger 2001), {@code h = (1 - a) h' + a tanh(x W + h' U + b)}, a = 1/4, whose
 * initial state may be learned.
 */
record LeakyIntegrator(int inputs, int hidden, boolean learnsState) implements GatedCell {
  private static final float A = 0.25f;

  LeakyIntegrator(int inputs, int hidden) {
    this(inputs, hidden, false);
  }

  @Override
  public LeakyIntegrator withLearnedState() {
    return new LeakyIntegrator(inputs, hidden, true);
  }

  @Override
  public String label() {
    return "leaky";
  }

  @Override
  public void forward(Step s) {
    s.tanh(0);
    for (int j = 0; j < s.numbers(); j++) {
      s.after(0, j, (1 - A) * s.before(0, j) + A * s.gate(0, j));
    }
  }

  @Override
  public void backward(Step s) {
    for (int j = 0; j < s.numbers(); j++) {
      float y = s.gate(0, j);
      s.gateDelta(0, j, s.delta(0, j) * A * (1 - y * y));
      s.sendBack(0, j, s.delta(0, j) * (1 - A));
    }
  }
}
