package dev.lookback.gradient;

import dev.lookback.cell.Span;
import dev.lookback.cell.Tape;
import dev.lookback.math.Team;
import dev.lookback.network.Layers;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What is remembered of a window: computes the steps forward block by block onto tapes, and takes
 * the tapes back as soon as no sweep needs them.
 */
final class Tapes {
  private final Network network;
  private final Layers layers;
  private final Team team;
  private final int lanes;
  private final int capacity;
  private final Deque<Block> spare = new ArrayDeque<>();
  private final List<Block> live = new ArrayList<>();
  private int position;
  private long bytes;

  /** A block's tapes, one for each layer, and which of the window's steps are on them. */
  static final class Block {
    private final Tape[] tapes;
    private int start;
    private int steps;

    private Block(Network network, int capacity, int lanes) {
      tapes = new Tape[network.cells().size()];
      for (int l = 0; l < tapes.length; l++) {
        tapes[l] = new Tape(network.cells().get(l), capacity, lanes);
      }
    }

    Tape tape(int layer) {
      return tapes[layer];
    }

    /** The window's step at which the tapes begin. */
    int start() {
      return start;
    }

    /** One past the window's last step on the tapes. */
    int end() {
      return start + steps;
    }
  }

  Tapes(Network network, Layers layers, int lanes, int capacity, Team team) {
    this.network = network;
    this.layers = layers;
    this.lanes = lanes;
    this.capacity = capacity;
    this.team = team;
  }

  /** Bytes of all tapes ever needed at once. */
  long bytes() {
    return bytes;
  }

  /** The blocks that are remembered, first step first. */
  List<Block> live() {
    return live;
  }

  /** Begins a window. */
  void rewind() {
    release(Integer.MAX_VALUE);
    position = 0;
  }

  /** Hands back the tapes whose steps all lie before {@code step}. */
  void release(int step) {
    while (!live.isEmpty() && live.get(0).end() <= step) {
      spare.push(live.remove(0));
    }
  }

  /** Computes the steps up to {@code to}; {@code state} goes along. */
  void forward(Window window, Links links, int to, State state) {
    while (position < to) {
      Block block = blockForNextStep(state);
      int gridEnd = (block.start / capacity + 1) * capacity;
      int from = block.steps;
      int end = Math.min(gridEnd, to) - block.start;
      for (int l = 0; l < layers.count(); l++) {
        layers.layer(l).forward(span(window, links, block, l, from, end), block.tape(l), team);
        block.tape(l).leave(end, state.layer(l));
      }
      block.steps = end;
      position = block.end();
    }
  }

  // The last block where it has room before the next grid line, else a fresh one.
  private Block blockForNextStep(State state) {
    if (!live.isEmpty()) {
      Block last = live.get(live.size() - 1);
      if (position < (last.start / capacity + 1) * capacity) {
        return last;
      }
    }
    Block block = spare.isEmpty() ? create() : spare.pop();
    block.start = position;
    block.steps = 0;
    for (int l = 0; l < layers.count(); l++) {
      block.tape(l).enter(state.layer(l));
    }
    live.add(block);
    return block;
  }

  private Block create() {
    Block block = new Block(network, capacity, lanes);
    for (Tape tape : block.tapes) {
      bytes += tape.bytes();
    }
    return block;
  }

  /** The steps [from, to) of a block, as layer l sees them. */
  Span span(Window window, Links links, Block block, int l, int from, int to) {
    // The first layer reads the window; another reads the tape below, behind its entering state.
    Inputs inputs = l == 0 ? window.inputs() : block.tape(l - 1).outputs();
    int inputRow = l == 0 ? block.start * lanes : lanes;
    return new Span(block.start, from, to, inputs, inputRow, links, window.reset());
  }
}
