package dev.lookback.gradient;

import dev.lookback.window.Links;
import java.util.List;

/**
 * What a coupling comes to in one window: xi on every link, and the sweeps that carry it out, in
 * the order in which their last steps arrive.
 *
 * @param links xi
 * @param sweeps what is injected where and how far it goes back
 */
public record Coupled(Links links, List<Sweep> sweeps) {

  /** Checks that every loss is injected exactly once and that no sweep goes back behind another. */
  public Coupled {
    sweeps = List.copyOf(sweeps);
    int injected = 0;
    int backTo = 0;
    for (Sweep sweep : sweeps) {
      if (sweep.backTo() < backTo) {
        throw new IllegalArgumentException(
            "a sweep goes back to step "
                + sweep.backTo()
                + " after one that went back to "
                + backTo
                + " only: what lies before is released by then");
      }
      backTo = sweep.backTo();
      if (sweep.injectFrom() != injected) {
        throw new IllegalArgumentException(
            "the sweeps inject step " + sweep.injectFrom() + " after step " + (injected - 1));
      }
      injected = sweep.to();
    }
    if (injected != links.steps()) {
      throw new IllegalArgumentException(
          "the sweeps inject " + injected + " steps but the window has " + links.steps());
    }
  }

  /** The segments of these links, one sweep each: what is between two cuts of all lanes. */
  public static Coupled tiled(Links links) {
    return new Coupled(links, Sweep.tiles(links));
  }

  /** Whether another has the same sweeps and the same xi on every link, be it shared or by lane. */
  public boolean isSame(Coupled other) {
    if (!sweeps.equals(other.sweeps) || links.steps() != other.links.steps()) {
      return false;
    }
    int lanes = Math.max(links.lanes(), other.links.lanes());
    for (int i = 0; i < links.steps() * lanes; i++) {
      if (links.at(i / lanes, i % lanes) != other.links.at(i / lanes, i % lanes)) {
        return false;
      }
    }
    return true;
  }

  /** The most steps any sweep has to remember. */
  public int longestSegment() {
    int longest = 0;
    for (Sweep sweep : sweeps) {
      longest = Math.max(longest, sweep.length());
    }
    return longest;
  }
}
