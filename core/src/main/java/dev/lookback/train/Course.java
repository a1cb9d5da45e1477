package dev.lookback.train;

import dev.lookback.data.Epoch;
import dev.lookback.data.LaneEpoch;
import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.math.Randomness;
import dev.lookback.weights.Snapshot;
import dev.lookback.window.Window;
import java.util.NoSuchElementException;
import java.util.OptionalInt;

/** Where in its data a training stands: epoch after epoch, window after window. */
final class Course {
  private final Trainer trainer;
  private final Sampling sampling;
  private long number;
  // A policy may choose other steps inside an epoch, whose place in the data depends on those that
  // it began with.
  private Sampling strided;
  private Epoch epoch;
  private long windows;

  /** At the start of epoch 0. */
  Course(Trainer trainer, Sampling sampling, Coupling coupling) {
    this.trainer = trainer;
    this.sampling = sampling;
    this.strided = trainer.strided(sampling, coupling);
    this.epoch = strided.epoch(0);
  }

  /** A window with its coupling, and what the sum of its losses is divided by. */
  record Draw(Window window, Coupled coupled, double divisor) {}

  /** The epoch under way: 0, 1, ... */
  long number() {
    return number;
  }

  /** The epoch's window drawn last: 1, 2, ... */
  long window() {
    return windows;
  }

  /** Begins the next epoch. */
  void next(Coupling coupling) {
    number++;
    windows = 0;
    strided = trainer.strided(sampling, coupling);
    epoch = strided.epoch(number);
    if (!hasWindow(coupling)) {
      throw new NoSuchElementException("epoch " + number + " has no window");
    }
  }

  /** Whether the state has to start afresh before the window drawn last. */
  boolean startsAfresh() {
    return epoch.startsAfresh();
  }

  /** Whether the epoch has another window for this coupling. */
  boolean hasWindow(Coupling coupling) {
    if (trainer.stride() == Stride.OWN && epoch instanceof LaneEpoch lanes) {
      if (ownSteps(coupling).isPresent()) {
        return lanes.hasNext(ownSteps(coupling).getAsInt());
      } else if (coupling instanceof Coupling.Randomised) {
        return lanes.remaining() > 0;
      }
    }
    return epoch.hasNext();
  }

  // An epoch that began with windows of other steps does not know how many a full one has.
  private OptionalInt ownSteps(Coupling coupling) {
    return trainer.policy() instanceof CouplingPolicy.Measured && coupling instanceof Coupling.Full
        ? OptionalInt.of(sampling.steps())
        : Trainer.ownSteps(coupling);
  }

  /** The epoch's next window. */
  Draw draw(Coupling coupling, Randomness randomness) {
    windows++;
    if (trainer.stride() == Stride.OWN && epoch instanceof LaneEpoch lanes) {
      if (ownSteps(coupling).isPresent()) {
        return coupled(lanes.next(ownSteps(coupling).getAsInt()), coupling, randomness);
      } else if (coupling instanceof Coupling.Randomised random) {
        int rest = (int) Math.min(Integer.MAX_VALUE, lanes.remaining());
        Coupled segment = random.segment(randomness, rest);
        Window window = lanes.next(segment.links().steps());
        return new Draw(window, segment, random.mean() * window.lanes());
      }
    }
    return coupled(epoch.next(), coupling, randomness);
  }

  private static Draw coupled(Window window, Coupling coupling, Randomness randomness) {
    Coupled coupled = coupling.couple(window.steps(), window.lanes(), randomness);
    return new Draw(window, coupled, window.totalWeight());
  }

  void save(Snapshot.Writer to) {
    to.put("epoch", number).put("steps", strided.steps()).put("position", epoch.position());
    to.put("windows", windows);
  }

  /** Goes to where another over the same data stood. */
  void restore(Snapshot from) {
    number = from.whole("epoch", 0, Long.MAX_VALUE);
    strided = Trainer.withSteps(sampling, (int) from.whole("steps", 1, Integer.MAX_VALUE));
    epoch = strided.epoch(number);
    epoch.seek(from.whole("position"));
    windows = from.whole("windows", 0, Long.MAX_VALUE);
  }
}
