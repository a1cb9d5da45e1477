package dev.lookback.examples;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Sweep;
import dev.lookback.math.Randomness;
import dev.lookback.window.Links;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A coupling of one's own with sweeps of its own: every few steps the losses since the last time go
 * back to an anchor, which stands at every so many steps.
 *
 * @param every steps between two ways back
 * @param anchors steps between two anchors, a multiple of it
 */
record Anchored(int every, int anchors) implements Coupling.Custom {

  Anchored {
    if (every < 1 || anchors < every || anchors % every != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "anchors every %d steps have to be a multiple of %d steps",
              anchors,
              every));
    }
  }

  @Override
  public Coupled couple(int steps, int lanes, Randomness randomness) {
    List<Sweep> sweeps = new ArrayList<>();
    for (int from = 0; from < steps; from += every) {
      sweeps.add(new Sweep(from, Math.min(steps, from + every), from / anchors * anchors));
    }
    return new Coupled(Links.whole(steps), sweeps);
  }

  @Override
  public Promise promise() {
    return Promise.BIASED;
  }

  @Override
  public String label() {
    return "anchored:" + every + "," + anchors;
  }
}
