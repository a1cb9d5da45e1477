package dev.lookback.gradient;

import dev.lookback.cell.Sizes;
import dev.lookback.cell.Span;
import dev.lookback.cell.Tape;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Dropout;
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
import java.util.Optional;

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
  private final Dropout dropout;
  private final Deque<Block> spare = new ArrayDeque<>();
  private final List<Block> live = new ArrayList<>();
  private final Span span = new Span();
  private Randomness[] dropping = new Randomness[0];
  private int position;
  private long bytes;

  /** A block's tapes, one for each layer, and which of the window's steps are on them. */
  static final class Block {
    private final Tape[] tapes;
    // For each layer what it reads where that is neither the window nor the tape below: the
    // embedded tokens, the states below with some of them dropped.
    private final Inputs.Dense[] read;
    private int start;
    private int steps;

    private Block(Network network, int capacity, int lanes) {
      tapes = new Tape[network.cells().size()];
      read = new Inputs.Dense[tapes.length];
      for (int l = 0; l < tapes.length; l++) {
        tapes[l] = new Tape(network.cells().get(l), capacity, lanes);
        boolean own = l == 0 ? network.embedding().isPresent() : network.dropout() > 0;
        int width = network.cells().get(l).inputs();
        int rows = own ? capacity : 0;
        read[l] = new Inputs.Dense(new float[own ? Sizes.of(rows, lanes, width) : 0], width);
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

    private long bytes() {
      long sum = 0;
      for (int l = 0; l < tapes.length; l++) {
        sum += tapes[l].bytes() + (long) read[l].values().length * Float.BYTES;
      }
      return sum;
    }
  }

  Tapes(Network network, Layers layers, int lanes, int capacity, Team team) {
    this.network = network;
    this.layers = layers;
    this.lanes = lanes;
    this.capacity = capacity;
    this.team = team;
    this.dropout = new Dropout(network.dropout());
  }

  /** Bytes of all tapes ever needed at once. */
  long bytes() {
    return bytes;
  }

  /** The blocks that are remembered, first step first. */
  List<Block> live() {
    return live;
  }

  /** Begins a window, dropping between layers by this randomness where there is some. */
  void rewind(Optional<Randomness> randomness) {
    release(Integer.MAX_VALUE);
    position = 0;
    dropping = new Randomness[0];
    if (randomness.isPresent() && network.dropout() > 0) {
      dropping = new Randomness[layers.count()];
      for (int l = 0; l < dropping.length; l++) {
        dropping[l] = randomness.get().with(l);
      }
    }
  }

  /** Hands back the tapes whose steps all lie before {@code step}. */
  void release(int step) {
    int done = 0;
    while (done < live.size() && live.get(done).end() <= step) {
      spare.push(live.get(done++));
    }
    if (done == live.size()) {
      live.clear();
    } else if (done > 0) {
      live.subList(0, done).clear();
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
        fill(window, block, l, from, end);
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
    bytes += block.bytes();
    return block;
  }

  // What layer l reads in the steps [from, to), where the block keeps it.
  private void fill(Window window, Block block, int l, int from, int to) {
    int row = from * lanes;
    int rows = (to - from) * lanes;
    float[] into = block.read[l].values();
    if (l == 0 && network.embedding().isPresent() && window.inputs() instanceof Inputs.Tokens x) {
      layers.embed(x.ids(), block.start * lanes + row, rows, into, row);
    } else if (l > 0 && dropping.length > 0) {
      float[] below = block.tape(l - 1).plane(0);
      drop(l, block.start * lanes + row, rows, below, row + lanes, into, row);
    }
  }

  /**
   * Puts the mask in front of layer l on the rows of an array; nothing where nothing is dropped.
   */
  void dropBackward(Block block, int l, int from, int to, float[] delta) {
    if (dropping.length > 0) {
      int row = from * lanes;
      drop(l, block.start * lanes + row, (to - from) * lanes, delta, row, delta, row);
    }
  }

  private void drop(int l, int windowRow, int rows, float[] x, int xRow, float[] y, int yRow) {
    int width = network.cells().get(l).inputs();
    dropout.mask(dropping[l], windowRow, width).apply(rows, x, xRow, y, yRow, team);
  }

  /**
   * The steps [from, to) of a block, as layer l sees them. The same object each time: it is good
   * until the next call.
   */
  Span span(Window window, Links links, Block block, int l, int from, int to) {
    span.steps(block.start, from, to).of(window, links);
    if (l == 0 ? network.embedding().isPresent() : dropping.length > 0) {
      return span.reading(block.read[l], 0);
    } else if (l == 0) {
      return span.reading(window.inputs(), block.start * lanes);
    }
    // The tape below, behind its entering state.
    return span.reading(block.tape(l - 1).outputs(), lanes);
  }
}
