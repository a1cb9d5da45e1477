package dev.lookback.gradient;

import dev.lookback.cell.Span;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Dropout;
import dev.lookback.network.Layers;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.weights.Snapshot;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private final Vault vault;
  private final List<Block> live = new ArrayList<>();
  private final Span span = new Span();
  private Witness witness = Witness.NOBODY;
  private Randomness[] dropping = new Randomness[0];
  // Steps of the stream in front of the window, where windows go on behind each other.
  private long behind;
  private int position;
  private long computed;

  Tapes(Network network, Layers layers, int lanes, int capacity, Team team) {
    this.network = network;
    this.layers = layers;
    this.lanes = lanes;
    this.capacity = capacity;
    this.team = team;
    this.dropout = new Dropout(network.dropout());
    this.vault = new Vault(network, capacity, lanes);
  }

  /** From now on this one sees what is computed. */
  void watch(Witness witness) {
    this.witness = witness;
  }

  /** S. */
  int capacity() {
    return capacity;
  }

  /** Where tapes come from and go back to. */
  Vault vault() {
    return vault;
  }

  /** The step of the window up to which everything is computed. */
  int position() {
    return position;
  }

  /** Steps computed so far, each as often as it was. */
  long computed() {
    return computed;
  }

  /** The blocks that are remembered, first step first. */
  List<Block> live() {
    return live;
  }

  /** Begins a window, dropping between layers by this randomness where there is some. */
  void rewind(Optional<Randomness> randomness) {
    release(Integer.MAX_VALUE);
    position = 0;
    behind = 0;
    drop(randomness);
  }

  private void drop(Optional<Randomness> randomness) {
    dropping = new Randomness[0];
    if (randomness.isPresent() && network.dropout() > 0) {
      dropping = new Randomness[layers.count()];
      for (int l = 0; l < dropping.length; l++) {
        dropping[l] = randomness.get().with(l);
      }
    }
  }

  /**
   * Lets the window begin with the first block that is remembered; returns how many steps later
   * that is.
   */
  int slide() {
    int shift = live.isEmpty() ? position : live.get(0).start();
    for (Block block : live) {
      block.shift(shift);
    }
    position -= shift;
    behind += shift;
    return shift;
  }

  /**
   * Forgets the steps from {@code step} on; the state that entered it is left in {@code state},
   * which is the one after the last step computed.
   */
  void again(int step, State state) {
    release(step);
    if (live.isEmpty()) {
      return;
    }
    while (live.size() > 1) {
      vault.give(live.remove(live.size() - 1));
    }
    // Steps in front of it stay on their tape as they were: where a block begins, and so how many
    // steps it has, must not decide what is computed again.
    Block first = live.get(0);
    first.holds(step - first.start());
    first.leave(state);
    position = step;
  }

  /** Hands back the tapes whose steps all lie before {@code step}. */
  void release(int step) {
    int done = 0;
    while (done < live.size() && live.get(done).end() <= step) {
      vault.give(live.get(done++));
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
      int end = Math.min(gridEnd(block.start()), to);
      extend(window, links, block, end, state);
      position = end;
    }
  }

  /** Everything up to this step has been computed elsewhere, and nothing is remembered of it. */
  void skipTo(int step) {
    release(Integer.MAX_VALUE);
    position = step;
  }

  /**
   * Puts what is counted and, where the next window goes on behind it, what is remembered; without,
   * a window begins as after {@link #rewind}.
   */
  void save(boolean goesOn, Snapshot.Writer to) {
    to.put("computed", computed);
    // Blocks are taken from the vault again, one by one, as they are restored.
    vault.save(live.size(), to.under("vault"));
    if (!goesOn) {
      return;
    }
    to.put("position", position).put("behind", behind).put("live", live.size());
    to.put("dropping", dropping.length);
    for (int l = 0; l < dropping.length; l++) {
      to.put("dropping." + l, dropping[l].key());
    }
    for (int i = 0; i < live.size(); i++) {
      live.get(i).save(to.under("block." + i));
    }
  }

  /** Fresh tapes go on as those that were saved. */
  void restore(boolean goesOn, Snapshot from) {
    computed = from.whole("computed");
    vault.restore(from.under("vault"));
    if (!goesOn) {
      return;
    }
    position = from.count("position");
    behind = from.whole("behind");
    restoreDropping(from);
    int blocks = (int) from.whole("live", 1, vault.spareBlocks());
    int end = 0;
    for (int i = 0; i < blocks; i++) {
      Block block = vault.takeBlock();
      block.restore(from.under("block." + i));
      if (block.start() != end || block.end() > gridEnd(end) || block.steps() == 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "block %d has the steps %d to %d but the one before it ends at step %d",
                i,
                block.start(),
                block.end(),
                end));
      }
      end = block.end();
      live.add(block);
    }
    from.whole("position", end, end);
  }

  private void restoreDropping(Snapshot from) {
    int masks = network.dropout() > 0 ? layers.count() : 0;
    dropping = new Randomness[(int) from.whole("dropping", 0, masks)];
    if (dropping.length > 0 && dropping.length < masks) {
      throw new IllegalArgumentException(
          dropping.length + " layers drop but the network has " + masks);
    }
    for (int l = 0; l < dropping.length; l++) {
      dropping[l] = new Randomness(from.whole("dropping." + l));
    }
  }

  private int gridEnd(int step) {
    return (step / capacity + 1) * capacity;
  }

  /** Computes a block's steps up to step {@code end} of the window; {@code state} goes along. */
  void extend(Window window, Links links, Block block, int end, State state) {
    int from = block.steps();
    int to = end - block.start();
    witness.computing();
    for (int l = 0; l < layers.count(); l++) {
      fill(window, block, l, from, to);
      layers.layer(l).forward(span(window, links, block, l, from, to), block.tape(l), team);
      block.tape(l).leave(to, state.layer(l));
    }
    block.holds(to);
    witness.computed(window, block, from, to);
    computed += to - from;
  }

  // The last block where it has room before the next grid line, else a fresh one.
  private Block blockForNextStep(State state) {
    if (!live.isEmpty()) {
      Block last = live.get(live.size() - 1);
      if (position < gridEnd(last.start())) {
        return last;
      }
    }
    Block block = vault.takeBlock();
    block.begin(position, state);
    live.add(block);
    return block;
  }

  // What layer l reads in the steps [from, to), where the block keeps it.
  private void fill(Window window, Block block, int l, int from, int to) {
    int row = from * lanes;
    int rows = (to - from) * lanes;
    float[] into = block.read(l).values();
    if (l == 0 && network.embedding().isPresent() && window.inputs() instanceof Inputs.Tokens x) {
      layers.embed(x.ids(), block.start() * lanes + row, rows, into, row);
    } else if (l > 0 && dropping.length > 0) {
      float[] below = block.tape(l - 1).plane(0);
      mask(l, block, from).apply(rows, below, row + lanes, into, row, team);
    }
  }

  /**
   * Puts the mask in front of layer l on the rows of an array; nothing where nothing is dropped.
   */
  void dropBackward(Block block, int l, int from, int to, float[] delta) {
    if (dropping.length > 0) {
      int row = from * lanes;
      mask(l, block, from).apply((to - from) * lanes, delta, row, delta, row, team);
    }
  }

  private Dropout mask(int l, Block block, int from) {
    long row = (behind + block.start() + from) * lanes;
    return dropout.mask(dropping[l], row, network.cells().get(l).inputs());
  }

  /**
   * The steps [from, to) of a block, as layer l sees them. The same object each time: it is good
   * until the next call.
   */
  Span span(Window window, Links links, Block block, int l, int from, int to) {
    span.steps(block.start(), from, to).of(window, links);
    if (l == 0 ? network.embedding().isPresent() : dropping.length > 0) {
      return span.reading(block.read(l), 0);
    } else if (l == 0) {
      return span.reading(window.inputs(), block.start() * lanes);
    }
    // The tape below, behind its entering state.
    return span.reading(block.tape(l - 1).outputs(), lanes);
  }
}
