package dev.lookback.train;

import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.weights.Snapshot;

/**
 * What a policy chose, and by what.
 *
 * @param update the first update that it is for: 1, 2, ...
 * @param coupling what was chosen
 * @param steps its length: K, the steps of a window for full, the mean length, to a whole number,
 *     for a random coupling
 * @param bound the estimated bound on the relative bias of every loss's gradient ({@link
 *     dev.lookback.gradient.AdaptiveTruncation} says under which assumptions); 0 where there is no
 *     bias, infinite where the measurement gives none
 * @param decay beta, the measured factor from one lag to the next
 * @param kept whether it is what was asked for: the bound below the tolerance
 * @param why in one sentence
 */
public record CouplingChoice(
    long update,
    Coupling coupling,
    int steps,
    double bound,
    double decay,
    boolean kept,
    String why) {

  /** The same from another update on. */
  CouplingChoice from(long update) {
    return new CouplingChoice(update, coupling, steps, bound, decay, kept, why);
  }

  void save(Snapshot.Writer to) {
    // A measured coupling is full, sliding, or random with a geometric length: its label says all.
    to.put("update", update).put("coupling", coupling.label()).put("steps", steps);
    to.put("bound", bound).put("decay", decay).put("kept", kept).put("why", why);
  }

  static CouplingChoice saved(Snapshot from) {
    return new CouplingChoice(
        from.whole("update"),
        CouplingNotation.parse(from.word("coupling")),
        from.count("steps"),
        from.decimal("bound"),
        from.decimal("decay"),
        from.truth("kept"),
        from.word("why"));
  }
}
