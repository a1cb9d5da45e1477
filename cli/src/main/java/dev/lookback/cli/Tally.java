package dev.lookback.cli;

import dev.lookback.train.Update;
import dev.lookback.weights.Snapshot;

/** What some updates came to. */
final class Tally {
  private double losses;
  private double norms;
  private long tokens;
  private long updates;
  private long clipped;

  void add(Update update) {
    losses += update.loss() * update.tokens();
    norms += update.gradientNorm();
    tokens += update.tokens();
    updates++;
    clipped += update.clipped() ? 1 : 0;
  }

  long tokens() {
    return tokens;
  }

  long updates() {
    return updates;
  }

  /** The mean loss of a step. */
  double loss() {
    return losses / tokens;
  }

  /** The mean norm of an update's gradient. */
  double norm() {
    return norms / updates;
  }

  /** The share of the updates whose gradient was clipped. */
  double clippedFraction() {
    return (double) clipped / updates;
  }

  void save(Snapshot.Writer to) {
    to.put("losses", losses).put("norms", norms);
    to.put("tokens", tokens).put("updates", updates).put("clipped", clipped);
  }

  static Tally saved(Snapshot from) {
    Tally tally = new Tally();
    tally.losses = from.decimal("losses");
    tally.norms = from.decimal("norms");
    tally.tokens = from.whole("tokens");
    tally.updates = from.whole("updates");
    tally.clipped = from.whole("clipped");
    return tally;
  }
}
