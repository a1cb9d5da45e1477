package dev.lookback.cli.score;

import dev.lookback.score.Threshold;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** The lines with the largest excess, or all above a threshold; the others are only counted. */
public final class Ranking {
  private final int most;
  private final Optional<Threshold> threshold;
  // The first of two equal lines ranks first.
  private final PriorityQueue<Entry> kept =
      new PriorityQueue<>(
          Comparator.comparingDouble((Entry e) -> e.excess)
              .thenComparing(Comparator.comparingLong((Entry e) -> e.order).reversed()));
  private long lines;
  private long above;

  private record Entry(double excess, long order, ScoredLine line) {}

  /**
   * Nothing yet.
   *
   * @param most how many lines are kept; 0: all
   * @param threshold what lines have to be above, if there is one
   */
  public Ranking(int most, Optional<Threshold> threshold) {
    this.most = most == 0 ? Integer.MAX_VALUE : most;
    this.threshold = threshold;
  }

  /** Takes a line into account. */
  public void add(ScoredLine line) {
    lines++;
    if (threshold.isPresent()) {
      if (!threshold.get().exceededBy(line.score())) {
        return;
      }
      above++;
    }
    kept.add(new Entry(line.score().excess(), lines, line));
    if (kept.size() > most) {
      kept.remove();
    }
  }

  /** The kept lines, the most surprising first. */
  public List<ScoredLine> ranked() {
    List<Entry> entries = new ArrayList<>(kept);
    entries.sort(kept.comparator().reversed());
    return entries.stream().map(Entry::line).toList();
  }

  /** How many lines there were. */
  public long lines() {
    return lines;
  }

  /** How many were above the threshold. */
  public long above() {
    return above;
  }
}
