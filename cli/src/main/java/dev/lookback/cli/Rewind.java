package dev.lookback.cli;

import dev.lookback.weights.Snapshot;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The last places of a training to go back to, kept in memory: every {@value #EVERY} updates what
 * {@code Training.save()} gives, the last two of them.
 */
final class Rewind {
  private static final long EVERY = 50;

  private Optional<Place> last = Optional.empty();
  private Optional<Place> before = Optional.empty();

  /**
   * A place.
   *
   * @param updates how many had been made
   * @param snapshot of the training and of what counts it
   */
  record Place(long updates, Snapshot snapshot) {}

  /** Before an update: keeps the place, if it is time for one. */
  void keep(long updates, Supplier<Snapshot> snapshot) {
    if (last.isEmpty() || updates - last.get().updates() >= EVERY) {
      before = last;
      last = Optional.of(new Place(updates, snapshot.get()));
    }
  }

  /** The last place of all. */
  Optional<Place> last() {
    return last;
  }

  /** The last place from which an update was made before the one that failed. */
  Optional<Place> good(long failed) {
    return last.filter(place -> place.updates() + 1 < failed)
        .or(() -> before.filter(place -> place.updates() + 1 < failed));
  }

  /** Goes on from a place: what came behind it never was. */
  void goOnFrom(Place place) {
    last = Optional.of(place);
    before = Optional.empty();
  }
}
