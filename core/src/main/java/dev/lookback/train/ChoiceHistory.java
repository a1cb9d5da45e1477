package dev.lookback.train;

import dev.lookback.weights.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * What a policy chose so far, in bounded memory: the first {@value #MOST} choices, later every
 * second of them, every fourth, and so on, and always the last.
 */
final class ChoiceHistory {
  private static final int MOST = 64;

  private final List<CouplingChoice> even = new ArrayList<>();
  private final List<CouplingChoice> last = new ArrayList<>();
  private long stride = 1;
  private long count;

  /** Adds one. */
  void add(CouplingChoice choice) {
    if (count % stride == 0) {
      even.add(choice);
    }
    if (even.size() > MOST) {
      List<CouplingChoice> half = new ArrayList<>();
      for (int i = 0; i < even.size(); i += 2) {
        half.add(even.get(i));
      }
      even.clear();
      even.addAll(half);
      stride *= 2;
    }
    last.clear();
    last.add(choice);
    count++;
  }

  /** How many there were. */
  long count() {
    return count;
  }

  /** The last one; there is one. */
  CouplingChoice last() {
    return last.get(0);
  }

  /** Those that are kept, first choice first. */
  List<CouplingChoice> kept() {
    List<CouplingChoice> kept = new ArrayList<>(even);
    if (count > 0 && (count - 1) % stride != 0) {
      kept.add(last());
    }
    return List.copyOf(kept);
  }

  void save(Snapshot.Writer to) {
    List<CouplingChoice> kept = kept();
    to.put("choices", kept.size()).put("choices_made", count).put("choices_stride", stride);
    for (int i = 0; i < kept.size(); i++) {
      kept.get(i).save(to.under("choice." + i));
    }
  }

  static ChoiceHistory saved(Snapshot from) {
    ChoiceHistory history = new ChoiceHistory();
    int kept = (int) from.whole("choices", 0, MOST + 1);
    history.count = from.whole("choices_made", kept, Long.MAX_VALUE);
    history.stride = from.whole("choices_stride", 1, Long.MAX_VALUE);
    for (int i = 0; i < kept; i++) {
      history.even.add(CouplingChoice.saved(from.under("choice." + i)));
    }
    if (kept > 0) {
      history.last.add(history.even.get(kept - 1));
      if ((history.count - 1) % history.stride != 0) {
        history.even.remove(kept - 1);
      }
    }
    return history;
  }
}
