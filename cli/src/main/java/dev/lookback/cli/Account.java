package dev.lookback.cli;

import dev.lookback.train.Update;
import dev.lookback.weights.Snapshot;

/** What the updates of a run came to: since the last point of its curve, by epoch, altogether. */
final class Account {
  private Tally sincePoint = new Tally();
  private Tally epoch = new Tally();
  private Tally lastEpoch = new Tally();
  private Tally all = new Tally();
  private long epochs;
  private int longest;

  void add(Update update) {
    sincePoint.add(update);
    epoch.add(update);
    all.add(update);
    longest = Math.max(longest, update.longestSegment());
    epochs = update.epoch() + (update.lastOfEpoch() ? 1 : 0);
    if (update.lastOfEpoch()) {
      lastEpoch = epoch;
      epoch = new Tally();
    }
  }

  /** Everything so far. */
  Tally all() {
    return all;
  }

  /** Finished ones. */
  long epochs() {
    return epochs;
  }

  /** The most steps a sweep had to remember. */
  int longest() {
    return longest;
  }

  /** The mean loss over the epoch of the last update, which may not have ended. */
  double trainingLoss() {
    return (epoch.tokens() > 0 ? epoch : lastEpoch).loss();
  }

  /** What there was since the last call. */
  Tally point() {
    Tally since = sincePoint;
    sincePoint = new Tally();
    return since;
  }

  void save(Snapshot.Writer to) {
    sincePoint.save(to.under("since_point"));
    epoch.save(to.under("epoch"));
    lastEpoch.save(to.under("last_epoch"));
    all.save(to.under("all"));
    to.put("epochs", epochs).put("longest", longest);
  }

  static Account saved(Snapshot from) {
    Account account = new Account();
    account.sincePoint = Tally.saved(from.under("since_point"));
    account.epoch = Tally.saved(from.under("epoch"));
    account.lastEpoch = Tally.saved(from.under("last_epoch"));
    account.all = Tally.saved(from.under("all"));
    account.epochs = from.whole("epochs");
    account.longest = from.count("longest");
    return account;
  }
}
