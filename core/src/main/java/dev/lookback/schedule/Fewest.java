package dev.lookback.schedule;

import dev.lookback.schedule.Part.Start;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The fewest evaluations it can find, and the choices that lead there.
 *
 * <p>With F for a part whose entering state is only at hand and T for one whose entering state is
 * kept at the end of a tape, the optimum obeys
 *
 * <pre>
 *   F(t, m) = t                                              while t tapes fit
 *           = min(1 + T(t - 1, m - a),                       keep the first block's tape
 *                 min_y y + F(t - y, m - s) + F(y, m))       keep the state, 1 <= y < t
 *   T(t, m) = min_y y + F(t - y, m) + T(y, m),  T(0, m) = 0, 0 <= y < t
 * </pre>
 *
 * (the mixed strategy of Gruslys et al. 2016, with the working tape outside m and states that are
 * dropped when nothing restarts from them). Three things make this quick:
 *
 * <ul>
 *   <li>Only those y are tried at which the bound of {@link Lengths} for both sides together is
 *       smallest: {@value #MANY} of them up to {@value #SMALL} blocks, {@value #FEW} up to {@value
 *       #MEDIUM}, then one.
 *   <li>Once a tape is kept, no state is stored on the same way through while a tape fits: states
 *       are cheaper and come first.
 *   <li>States alone, and plans that compute nothing more than twice where a tape is two states or
 *       more, have closed forms.
 * </ul>
 */
final class Fewest {
  private static final int SMALL = 64;
  private static final int MANY = 16;
  private static final int MEDIUM = 512;
  private static final int FEW = 3;
  private static final long NEVER = Long.MAX_VALUE / 4;
  private static final long UNKNOWN = -1;

  private final long s;
  private final long a;
  private final Lengths lengths;
  private final Map<Part, Choice> choices = new HashMap<>();

  private record Choice(long evaluations, long advance) {}

  Fewest(long blocks, long stateBytes, long tapeBytes) {
    this.s = stateBytes;
    this.a = tapeBytes;
    this.lengths = new Lengths(stateBytes, tapeBytes, blocks);
  }

  /**
   * The most bytes up to {@code free} that states and tapes can fill: what is left over changes
   * nothing.
   */
  static long filled(long free, long stateBytes, long tapeBytes) {
    if (stateBytes >= tapeBytes) {
      return free - free % tapeBytes;
    }
    long filled = 0;
    for (long j = 0; j <= Math.min(free / tapeBytes, stateBytes) && filled < free; j++) {
      filled = Math.max(filled, free - (free - j * tapeBytes) % stateBytes);
    }
    return filled;
  }

  /** How many blocks to advance through first; 0 to keep the first block's tape, or for nothing. */
  synchronized long advance(Part part) {
    if (allOnTapes(part) || tapeFirst(part)) {
      return 0;
    } else if (part.free() < a || twoPasses(part)) {
      return advanceInClosedForm(part);
    }
    evaluations(part);
    return Objects.requireNonNull(choices.get(part)).advance();
  }

  private long advanceInClosedForm(Part part) {
    long t = part.blocks();
    if (part.free() < a && states(part) == 1) {
      return t - 1;
    } else if (part.start() == Start.AT_HAND && part.free() >= a) {
      long j = lengths.tapesOfTwoPasses(t, part.free());
      if ((j + 1) * (j + 2) / 2 >= t) {
        return 0;
      }
    }
    return splits(part).high();
  }

  /** The evaluations of a part. Iterators of one plan may ask from several threads. */
  synchronized long evaluations(Part whole) {
    // A stack of our own: parts in parts can be deeper than a thread's.
    Deque<Part> open = new ArrayDeque<>();
    open.push(whole);
    while (!open.isEmpty()) {
      Part part = open.peek();
      if (known(part) != UNKNOWN) {
        open.pop();
      } else if (tapeFirst(part)) {
        open.push(behindFirst(part));
      } else {
        search(part, open);
      }
    }
    return known(whole);
  }

  // In closed form, or found before.
  private long known(Part part) {
    long t = part.blocks();
    long m = part.free();
    if (allOnTapes(part)) {
      return t;
    } else if (tapeFirst(part)) {
      long behind = known(behindFirst(part));
      return behind == UNKNOWN ? UNKNOWN : 1 + behind;
    } else if (m < a) {
      return states(part) == 0 ? NEVER : Lengths.statesAlone(t, states(part));
    } else if (twoPasses(part)) {
      boolean hand = part.start() == Start.AT_HAND;
      long behind = hand ? t : Math.max(1, t - lengths.atHand(0, m));
      return 2 * t - 1 - lengths.tapesOfTwoPasses(behind, m);
    }
    Choice choice = choices.get(part);
    return choice == null ? UNKNOWN : choice.evaluations();
  }

  boolean allOnTapes(Part part) {
    return part.blocks() <= 1 + part.free() / a;
  }

  // The states that fit, the one at the end of a tape among them.
  private long states(Part part) {
    return part.free() / s + (part.start() == Start.AT_HAND ? 0 : 1);
  }

  // States that cost as much as a tape never pay; of one tape and one state, the tape is better.
  private boolean tapeFirst(Part part) {
    boolean hand = part.start() == Start.AT_HAND && part.free() >= a;
    return part.start() == Start.TAPE_FIRST || (hand && (s >= a || part.free() - s < s));
  }

  // Where a tape costs less than two states, a third pass with more tapes can be worth it.
  private boolean twoPasses(Part part) {
    long m = part.free();
    boolean hand = part.start() == Start.AT_HAND;
    long reach = lengths.atHand(1, m) + (hand ? 0 : lengths.atHand(0, m));
    return a / 2 >= s && part.blocks() <= reach;
  }

  /** Behind the first block, whose tape is kept. */
  Part behindFirst(Part part) {
    return new Part(Start.BEHIND_TAPES, part.blocks() - 1, part.free() - a);
  }

  /** Behind the y blocks advanced through. */
  Part behind(Part part, long y) {
    long rest = part.blocks() - y;
    if (part.start() == Start.AT_HAND) {
      return new Part(Start.AT_HAND, rest, part.free() - s);
    }
    Part free = new Part(Start.AT_HAND, rest, part.free());
    if (part.start() != Start.BEHIND_TAPES || part.free() < a) {
      return free;
    }
    boolean open = allOnTapes(free) || twoPasses(free);
    return open ? free : new Part(Start.TAPE_FIRST, rest, part.free());
  }

  /** The y blocks advanced through, once all behind them is done. */
  Part before(Part part, long y) {
    Start start = part.start() == Start.AT_HAND ? Start.AT_HAND : Start.KEPT;
    return new Part(start, y, part.free());
  }

  // Chooses, or pushes the parts that have to be known first.
  private void search(Part part, Deque<Part> open) {
    int before = open.size();
    long t = part.blocks();
    Choice best = new Choice(NEVER, 0);
    if (part.start() == Start.AT_HAND) {
      best = new Choice(1 + require(behindFirst(part), open), 0);
    }
    Range range = splits(part);
    long room = range.high - range.low + 1;
    long tries = Math.min(room, t <= SMALL ? MANY : t <= MEDIUM ? FEW : 1);
    for (long i = 0; i < tries; i++) {
      long y = tries == 1 ? range.high : range.low + (room - 1) * i / (tries - 1);
      long sum = y + require(behind(part, y), open) + require(before(part, y), open);
      if (sum < best.evaluations()) {
        best = new Choice(sum, y);
      }
    }
    if (open.size() == before) {
      choices.put(part, best);
    }
  }

  private long require(Part part, Deque<Part> open) {
    long known = known(part);
    if (known == UNKNOWN) {
      open.push(part);
    }
    return known;
  }

  private record Range(long low, long high) {}

  private Range splits(Part part) {
    return part.start() == Start.AT_HAND ? splitsAtHand(part) : splitsKept(part);
  }

  // All lengths of smaller r are used up on both sides; the blocks that are left over are computed
  // r + 1 times on either side.
  private Range splitsAtHand(Part part) {
    long t = part.blocks();
    long m = part.free();
    int r = 1;
    while (lengths.atHand(r, m) < t) {
      r++;
    }
    long low = Math.max(lengths.atHand(r - 2, m), t - lengths.atHand(r, m - s));
    long high = Math.min(lengths.atHand(r - 1, m), t - lengths.atHand(r - 1, m - s));
    return new Range(Math.max(1, low), Math.min(t - 1, high));
  }

  private Range splitsKept(Part part) {
    long t = part.blocks();
    long m = part.free();
    int r = 1;
    long before = 0;
    long reached = lengths.atHand(0, m);
    while (reached + lengths.atHand(r, m) < t) {
      before = reached;
      reached += lengths.atHand(r, m);
      r++;
    }
    long low = Math.max(before, t - lengths.atHand(r, m));
    long high = Math.min(reached, t - lengths.atHand(r - 1, m));
    return new Range(Math.max(0, low), Math.min(t - 1, high));
  }

  /**
   * The bytes that a part has in use at most, counted with what is kept around it, besides the
   * working tape.
   */
  synchronized long peak(Part whole) {
    long all = whole.free();
    long peak = 0;
    Set<Part> seen = new HashSet<>();
    Deque<Part> open = new ArrayDeque<>();
    open.push(whole);
    while (!open.isEmpty()) {
      Part part = open.pop();
      // What surrounds a part and what it has free are all there is.
      long around = all - part.free();
      if (allOnTapes(part)) {
        peak = Math.max(peak, around + a * Math.max(0, part.blocks() - 1));
      } else if (around + atMost(part) > peak && seen.add(part)) {
        long y = advance(part);
        boolean tape = y == 0 && part.keepsTapeOrState();
        if (y > 0) {
          open.push(before(part, y));
        }
        open.push(tape ? behindFirst(part) : behind(part, y));
      }
    }
    return peak;
  }

  // No more than what is free, and no more than a tape or a state for each block but one.
  private long atMost(Part part) {
    long each = Math.max(a, s);
    return part.blocks() - 1 <= part.free() / each ? (part.blocks() - 1) * each : part.free();
  }
}
