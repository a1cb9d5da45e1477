package dev.lookback.cli;

import dev.lookback.train.Update;
import dev.lookback.weights.Snapshot;

/**
 * What a curve's point tells of the update made last.
 *
 * @param epoch 0, 1, ...
 * @param rate the learning rate that it was made with
 * @param longestSegment the most steps a sweep had to remember
 */
record LastUpdate(long epoch, double rate, int longestSegment) {
  static LastUpdate of(Update update, double rate) {
    return new LastUpdate(update.epoch(), rate, update.longestSegment());
  }

  void save(Snapshot.Writer to) {
    to.put("epoch", epoch).put("rate", rate).put("longest", longestSegment);
  }

  static LastUpdate saved(Snapshot from) {
    return new LastUpdate(from.whole("epoch"), from.decimal("rate"), from.count("longest"));
  }
}
