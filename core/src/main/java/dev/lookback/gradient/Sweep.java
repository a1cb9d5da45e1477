package dev.lookback.gradient;

import dev.lookback.window.Links;
import java.util.ArrayList;
import java.util.List;

/**
 * One way back: inject the losses of the steps [injectFrom, to), and go back to step {@code
 * backTo}, whose entering state is a constant.
 *
 * <p>The sweeps of full, fixed and random coupling tile the window; sliding ones overlap.
 *
 * @param injectFrom first step whose loss is injected
 * @param to one past the last step
 * @param backTo the step at which the way back ends
 */
public record Sweep(int injectFrom, int to, int backTo) {

  /** Checks the order. */
  public Sweep {
    if (backTo < 0 || injectFrom < backTo || to <= injectFrom) {
      throw new IllegalArgumentException(
          "a sweep that injects [" + injectFrom + ", " + to + ") cannot go back to " + backTo);
    }
  }

  /** The steps it passes: what it needs to remember. */
  public int length() {
    return to - backTo;
  }

  /** The segments between the cuts of all lanes, each its own sweep. */
  static List<Sweep> tiles(Links links) {
    List<Sweep> sweeps = new ArrayList<>();
    int start = 0;
    for (int t = 1; t <= links.steps(); t++) {
      if (t == links.steps() || links.isCut(t)) {
        sweeps.add(new Sweep(start, t, start));
        start = t;
      }
    }
    return sweeps;
  }
}
