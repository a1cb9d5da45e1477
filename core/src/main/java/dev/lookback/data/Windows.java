package dev.lookback.data;

import dev.lookback.math.Randomness;
import dev.lookback.window.Window;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Independent windows of T steps, B of them side by side; the state starts afresh in each.
 *
 * <p>Window i reads tokens {@code i stride} to {@code i stride + T - 1} and has those one further
 * as targets, for every i that fits: {@code (length - T - 1) / stride + 1} windows. Without
 * shuffling they come in order. The last batch of an epoch has fewer lanes where the number of
 * windows is not a multiple of B, unless {@link #droppingLast()}.
 *
 * <p>"Dive into Deep Learning", second edition: {@code stride(1)}, {@code range(0, 10_000)} to
 * train, {@code range(10_000, 5_000)} to validate, shuffled. First edition's random sampling:
 * {@code stride(T)}, shuffled, {@code withOffsets()}, {@code droppingLast()}.
 */
public final class Windows implements Sampling {
  private final Tokens tokens;
  private final int steps;
  private final int lanes;
  private final Options options;

  private record Options(
      long stride,
      long first,
      long count,
      Optional<Randomness> shuffle,
      boolean offsets,
      boolean dropLast) {}

  private static final long ALL = -1;

  private Windows(Tokens tokens, int steps, int lanes, Options options) {
    this.tokens = tokens;
    this.steps = steps;
    this.lanes = lanes;
    this.options = options;
    long available = available(0);
    if (options.count != ALL && options.first + options.count > available) {
      throw new DataException(
          "windows "
              + options.first
              + " to "
              + (options.first + options.count - 1)
              + " were asked for but the "
              + tokens.what()
              + " of "
              + tokens.length()
              + " characters has "
              + available
              + " windows of --steps "
              + steps
              + " at stride "
              + options.stride
              + ". Ask for fewer, lower --steps, or pass more text.");
    }
    if (options.dropLast && count(0) < lanes) {
      throw new DataException(
          "the "
              + tokens.what()
              + " has "
              + count(0)
              + " windows of --steps "
              + steps
              + " but a batch needs "
              + lanes
              + " and incomplete batches are dropped. Lower --batch or --steps, or pass more text.");
    }
  }

  /** Windows that do not overlap, in order. */
  public static Windows of(Tokens tokens, int steps, int lanes) {
    if (lanes < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "there are "
              + lanes
              + " windows of "
              + steps
              + " steps side by side but at least one of each is needed");
    }
    Gather.requireFits(lanes, steps);
    if (tokens.length() < (long) steps + 1) {
      throw new DataException(
          "the "
              + tokens.what()
              + " has "
              + tokens.length()
              + " characters but a window of --steps "
              + steps
              + " needs at least "
              + (steps + 1L)
              + ". Lower --steps, or pass more text.");
    }
    return new Windows(
        tokens, steps, lanes, new Options(steps, 0, ALL, Optional.empty(), false, false));
  }

  /** The same with windows starting every {@code stride} tokens; 1 takes all there are. */
  public Windows stride(long stride) {
    if (stride < 1) {
      throw new IllegalArgumentException("stride is " + stride + " but has to be 1 or more");
    }
    Options o = options;
    return with(new Options(stride, o.first, o.count, o.shuffle, o.offsets, o.dropLast));
  }

  /** Only {@code count} windows from number {@code first} on; set the stride before. */
  public Windows range(long first, long count) {
    if (first < 0 || count < 1 || first > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException(
          count + " windows from number " + first + " on: needs a count of 1 or more, from 0 on");
    }
    if (options.offsets) {
      throw new IllegalArgumentException("a range of windows and an offset exclude each other");
    }
    Options o = options;
    return with(new Options(o.stride, first, count, o.shuffle, false, o.dropLast));
  }

  /** The same windows, each epoch in a random order of its own. */
  public Windows shuffled(Randomness randomness) {
    Options o = options;
    return with(
        new Options(o.stride, o.first, o.count, Optional.of(randomness), o.offsets, o.dropLast));
  }

  /**
   * The same, window 0 of each epoch at an offset of its own in [0, stride), drawn from fewer where
   * the tokens would not leave a window (a full batch if the last is dropped); needs {@link
   * #shuffled} before.
   */
  public Windows withOffsets() {
    if (options.shuffle.isEmpty() || options.count != ALL) {
      throw new IllegalArgumentException(
          "an offset in each epoch needs shuffled windows without a range");
    }
    Options o = options;
    return with(new Options(o.stride, o.first, o.count, o.shuffle, true, o.dropLast));
  }

  /** The same without the last batch where it has fewer than B windows. */
  public Windows droppingLast() {
    Options o = options;
    return with(new Options(o.stride, o.first, o.count, o.shuffle, o.offsets, true));
  }

  private Windows with(Options changed) {
    return new Windows(tokens, steps, lanes, changed);
  }

  /** The ids that windows are drawn from. */
  public Tokens tokens() {
    return tokens;
  }

  @Override
  public int steps() {
    return steps;
  }

  @Override
  public int lanes() {
    return lanes;
  }

  @Override
  public boolean carriesState() {
    return false;
  }

  /** How many windows (not batches) an epoch without offset has. */
  public long size() {
    return count(0);
  }

  private long available(long offset) {
    return (tokens.length() - offset - steps - 1) / options.stride + 1;
  }

  private long count(long offset) {
    return options.count == ALL ? available(offset) : options.count;
  }

  private long offset(long epoch) {
    if (!options.offsets || options.shuffle.isEmpty()) {
      return 0;
    }
    // What is left over behind the fewest windows that an epoch has to have.
    long least = options.dropLast ? lanes : 1;
    long spare = tokens.length() - steps - 1 - (least - 1) * options.stride;
    int bound = (int) Math.min(Integer.MAX_VALUE, Math.min(options.stride, spare + 1));
    return options.shuffle.get().with("offset").with(epoch).below(bound, 0);
  }

  @Override
  public Epoch epoch(long epoch) {
    long offset = offset(epoch);
    long count = count(offset);
    Optional<Shuffle> order =
        options.shuffle.map(r -> new Shuffle(r.with("shuffle").with(epoch), count));
    return new Batches(offset, count, order);
  }

  private final class Batches implements Epoch {
    private final long offset;
    private final long count;
    private final Optional<Shuffle> order;
    private long batch;

    Batches(long offset, long count, Optional<Shuffle> order) {
      this.offset = offset;
      this.count = count;
      this.order = order;
    }

    @Override
    public boolean hasNext() {
      return batch < windows();
    }

    @Override
    public Window next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the epoch's " + windows() + " batches have been given");
      }
      long done = batch * lanes;
      int width = (int) Math.min(lanes, count - done);
      int[] ids = new int[steps * width];
      int[] targets = new int[steps * width];
      int[] row = new int[steps + 1];
      for (int b = 0; b < width; b++) {
        long drawn = done + b;
        long index = options.first + (order.isPresent() ? order.get().at(drawn) : drawn);
        Gather.readLane(tokens, offset + index * options.stride, row);
        Gather.place(row, b, width, ids, targets);
      }
      batch++;
      return Window.ofTokens(steps, width, ids, targets);
    }

    @Override
    public boolean startsAfresh() {
      return true;
    }

    @Override
    public long windows() {
      return options.dropLast ? count / lanes : (count + lanes - 1) / lanes;
    }

    @Override
    public long position() {
      return batch;
    }

    @Override
    public void seek(long position) {
      if (position < 0 || position > windows()) {
        throw new IllegalArgumentException(
            "position " + position + " is outside the epoch's 0 to " + windows());
      }
      batch = position;
    }
  }
}
