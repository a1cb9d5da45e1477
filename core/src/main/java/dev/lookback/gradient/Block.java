package dev.lookback.gradient;

import dev.lookback.cell.Sizes;
import dev.lookback.cell.Tape;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.weights.Snapshot;
import dev.lookback.window.Inputs;
import java.util.Arrays;

/** The tapes of up to S steps, one for each layer, and which of the window's steps are on them. */
final class Block {
  private final Tape[] tapes;
  // For each layer what it reads where that is neither the window nor the tape below: the embedded
  // tokens, the states below with some of them dropped.
  private final Inputs.Dense[] read;
  private final int capacity;
  private final int lanes;
  private int start;
  private int steps;

  Block(Network network, int capacity, int lanes) {
    this.capacity = capacity;
    this.lanes = lanes;
    tapes = new Tape[network.cells().size()];
    read = new Inputs.Dense[tapes.length];
    for (int l = 0; l < tapes.length; l++) {
      tapes[l] = new Tape(network.cells().get(l), capacity, lanes);
      int width = network.cells().get(l).inputs();
      int floats = readsOwn(network, l) ? Sizes.of(capacity, lanes, width) : 0;
      read[l] = new Inputs.Dense(new float[floats], width);
    }
  }

  private static boolean readsOwn(Network network, int layer) {
    return layer == 0 ? network.embedding().isPresent() : network.dropout() > 0;
  }

  /** Bytes of one, before there is any. */
  static long bytes(Network network, int capacity, int lanes) {
    long sum = 0;
    for (int l = 0; l < network.cells().size(); l++) {
      sum += Tape.bytes(network.cells().get(l), capacity, lanes);
      if (readsOwn(network, l)) {
        sum += (long) capacity * lanes * network.cells().get(l).inputs() * Float.BYTES;
      }
    }
    return sum;
  }

  long bytes() {
    long sum = 0;
    for (int l = 0; l < tapes.length; l++) {
      sum += tapes[l].bytes() + (long) read[l].values().length * Float.BYTES;
    }
    return sum;
  }

  Tape tape(int layer) {
    return tapes[layer];
  }

  /** What layer l reads where it is kept here. */
  Inputs.Dense read(int layer) {
    return read[layer];
  }

  /** The window's step at which the tapes begin. */
  int start() {
    return start;
  }

  /** How many steps are on the tapes. */
  int steps() {
    return steps;
  }

  /** One past the window's last step on the tapes. */
  int end() {
    return start + steps;
  }

  /** Begins at a step of the window, which this state enters. */
  void begin(int start, State state) {
    this.start = start;
    this.steps = 0;
    for (int l = 0; l < tapes.length; l++) {
      tapes[l].enter(state.layer(l));
    }
  }

  /** Copies out the state after the last step on the tapes. */
  void leave(State state) {
    for (int l = 0; l < tapes.length; l++) {
      tapes[l].leave(steps, state.layer(l));
    }
  }

  /** So many steps are on the tapes now. */
  void holds(int steps) {
    this.steps = steps;
  }

  /** Puts the steps that are on the tapes. */
  void save(Snapshot.Writer to) {
    to.put("start", start).put("steps", steps);
    for (int l = 0; l < tapes.length; l++) {
      tapes[l].save(steps, to.under("tape." + l));
      float[] values = read[l].values();
      if (values.length > 0) {
        to.put("read." + l, Arrays.copyOf(values, steps * lanes * read[l].width()));
      }
    }
  }

  /** Takes over what was saved of a block of as many steps. */
  void restore(Snapshot from) {
    start = from.count("start");
    steps = (int) from.whole("steps", 0, capacity);
    for (int l = 0; l < tapes.length; l++) {
      tapes[l].restore(steps, from.under("tape." + l));
      if (read[l].values().length > 0) {
        from.copyFirst("read." + l, steps * lanes * read[l].width(), read[l].values());
      }
    }
  }

  /** The window begins so many steps later than it did. */
  void shift(int steps) {
    start -= steps;
  }
}
