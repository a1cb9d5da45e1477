package dev.lookback.data.task;

import dev.lookback.math.Randomness;
import java.util.List;

/**
 * The adding problem: a row of T numbers u_t from U(0, 1), two of them marked by a 1 in a second
 * row of zeros; at the last step the answer is the sum of the two.
 *
 * <p>The two places are distinct and drawn uniformly. Loss is half the squared error of the last
 * step: always answering 1 gives 1/12, which is the 1/6 of papers that count the whole squared
 * error; knowing one of the two 1/24; the optimum is 0.
 *
 * <p>Hochreiter and Schmidhuber 1997, "Long short-term memory", experiment 4; in the form of Bai,
 * Kolter and Koltun 2018, "An empirical evaluation of generic convolutional and recurrent networks
 * for sequence modeling".
 *
 * @param steps T
 */
public record Adding(int steps) implements Task {
  private static final Form FORM = Form.rows(2, 1);
  // The variance of a number from U(0, 1).
  private static final double VARIANCE = 1.0 / 12;

  /** Checks that there is room for two marks. */
  public Adding {
    Parameter.require("T", steps, 2);
  }

  @Override
  public String label() {
    return "adding?T=" + steps;
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
    return true;
  }

  @Override
  public double meanLength() {
    return steps;
  }

  @Override
  public int length(Randomness lane, long number) {
    return steps;
  }

  @Override
  public void write(Randomness lane, long number, Steps out) {
    Randomness unit = lane.with(number);
    Randomness numbers = unit.with("numbers");
    int first = unit.with("first").below(steps, 0);
    // The second among the others.
    int drawn = unit.with("second").below(steps - 1, 0);
    int second = drawn < first ? drawn : drawn + 1;
    float[] row = new float[2];
    float[] target = new float[1];
    float sum = 0;
    for (int t = 0; t < steps; t++) {
      row[0] = (float) numbers.uniform(t);
      row[1] = t == first || t == second ? 1 : 0;
      sum += row[0] * row[1];
      target[0] = t == steps - 1 ? sum : 0;
      out.add(row, target, t == steps - 1 ? 1 : 0);
    }
  }

  @Override
  public double optimum() {
    return 0;
  }

  @Override
  public List<Baseline> baselines() {
    return List.of(
        new Baseline("always 1", 0.5 * 2 * VARIANCE),
        new Baseline("knows one of the two", 0.5 * VARIANCE));
  }
}
