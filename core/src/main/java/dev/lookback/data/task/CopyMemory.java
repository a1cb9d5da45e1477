package dev.lookback.data.task;

import dev.lookback.math.Randomness;
import java.util.List;

/**
 * Copy memory: m tokens drawn from 1 to 8, then T - 1 blanks (0), then m + 1 markers (9); the
 * targets are T + m blanks and then the m tokens, so each has to be kept for T + m steps. T + 2m
 * steps in all.
 *
 * <p>Without memory the best answer is blanks and then a guess among eight: m ln 8 / (T + 2m) nats
 * a step; the optimum is 0.
 *
 * <p>Hochreiter and Schmidhuber 1997; Arjovsky, Shah and Bengio 2016, "Unitary evolution recurrent
 * neural networks"; in the form of Bai, Kolter and Koltun 2018.
 *
 * @param delay T
 * @param copied m
 */
public record CopyMemory(int delay, int copied) implements Task {
  private static final int KINDS = 8;
  private static final int BLANK = 0;
  private static final int MARKER = 9;
  private static final Form FORM = Form.tokens(10, 10);

  /** Checks the lengths. */
  public CopyMemory {
    Parameter.require("T", delay, 1);
    Parameter.require("m", copied, 1);
  }

  private int steps() {
    return delay + 2 * copied;
  }

  @Override
  public String label() {
    return "copy?T=" + delay + ",m=" + copied;
  }

  @Override
  public Form form() {
    return FORM;
  }

  @Override
  public boolean independent() {
    return true;
  }

  @Override
  public boolean onlyLastCounts() {
    return false;
  }

  @Override
  public double meanLength() {
    return steps();
  }

  @Override
  public int length(Randomness lane, long number) {
    return steps();
  }

  @Override
  public void write(Randomness lane, long number, Steps out) {
    Randomness unit = lane.with(number);
    for (int t = 0; t < steps(); t++) {
      int blanksEnd = copied + delay - 1;
      int id = t < copied ? symbol(unit, t) : t < blanksEnd ? BLANK : MARKER;
      int answer = t - delay - copied;
      out.add(id, answer < 0 ? BLANK : symbol(unit, answer));
    }
  }

  private static int symbol(Randomness unit, int index) {
    return 1 + unit.below(KINDS, index);
  }

  @Override
  public double optimum() {
    return 0;
  }

  @Override
  public List<Baseline> baselines() {
    return List.of(new Baseline("no memory", copied * StrictMath.log(KINDS) / steps()));
  }
}
