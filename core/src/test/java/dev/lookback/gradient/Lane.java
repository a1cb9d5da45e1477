package dev.lookback.gradient;

import dev.lookback.network.State;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;

/** One lane of a case, as a batch of one. */
final class Lane {
  private Lane() {}

  static Case of(Case c, int b) {
    Inputs.Dense x = (Inputs.Dense) c.window().inputs();
    Targets.Values y = (Targets.Values) c.window().targets();
    Window window =
        Window.of(
            c.steps(),
            1,
            new Inputs.Dense(column(x.values(), x.width(), c, b), x.width()),
            new Targets.Values(column(y.values(), y.width(), c, b), y.width()));
    State state = State.zeros(c.network(), 1);
    for (int l = 0; l < c.network().cells().size(); l++) {
      float[] h = state.layer(l)[0];
      System.arraycopy(c.state().layer(l)[0], b * h.length, h, 0, h.length);
    }
    return new Case(
        c.network(),
        c.weights(),
        window,
        state,
        new boolean[c.steps()][1],
        new double[c.steps()][1]);
  }

  private static float[] column(float[] rows, int width, Case c, int b) {
    float[] result = new float[c.steps() * width];
    for (int t = 0; t < c.steps(); t++) {
      System.arraycopy(rows, (t * c.lanes() + b) * width, result, t * width, width);
    }
    return result;
  }
}
