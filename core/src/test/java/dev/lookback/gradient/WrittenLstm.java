package dev.lookback.gradient;

import dev.lookback.cell.Biases;
import dev.lookback.cell.GatedCell;
import dev.lookback.cell.Step;

/** The LSTM, written down number by number. */
record WrittenLstm(int inputs, int hidden, Biases biases, boolean learnsState)
    implements GatedCell {
  private static final int I = 0;
  private static final int F = 1;
  private static final int G = 2;
  private static final int O = 3;

  @Override
  public String label() {
    return "written-lstm";
  }

  @Override
  public int planes() {
    return 2;
  }

  @Override
  public int gates() {
    return 4;
  }

  // c = f c' + i g;  h = o tanh c.
  @Override
  public void forward(Step s) {
    s.sigmoid(I);
    s.sigmoid(F);
    s.tanh(G);
    s.sigmoid(O);
    for (int j = 0; j < s.numbers(); j++) {
      float c = s.gate(F, j) * s.before(1, j) + s.gate(I, j) * s.gate(G, j);
      s.after(1, j, c);
      s.after(0, j, s.gate(O, j) * (float) Math.tanh(c));
    }
  }

  @Override
  public void backward(Step s) {
    for (int j = 0; j < s.numbers(); j++) {
      float i = s.gate(I, j);
      float f = s.gate(F, j);
      float g = s.gate(G, j);
      float o = s.gate(O, j);
      float tanh = (float) Math.tanh(s.after(1, j));
      float dh = s.delta(0, j);
      float dc = s.delta(1, j) + dh * o * (1 - tanh * tanh);
      s.gateDelta(I, j, dc * g * i * (1 - i));
      s.gateDelta(F, j, dc * s.before(1, j) * f * (1 - f));
      s.gateDelta(G, j, dc * i * (1 - g * g));
      s.gateDelta(O, j, dh * tanh * o * (1 - o));
      s.sendBack(0, j, 0);
      s.sendBack(1, j, dc * f);
    }
  }
}
