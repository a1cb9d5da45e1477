package dev.lookback.data.task;

import dev.lookback.math.Randomness;
import java.util.List;

/**
 * Temporal order: L tokens of which two, at a place in [L/10, L/5) and at one in [L/2, 3L/5), are A
 * or B, all others one of four that mean nothing; at the last step the answer is which of AA, AB,
 * BA, BB it was.
 *
 * <p>Guessing gives ln 4 = 1.3863 nats, knowing one of the two ln 2; the optimum is 0.
 *
 * <p>Hochreiter and Schmidhuber 1997, experiment 6a; in the form of Pascanu, Mikolov and Bengio
 * 2013, "On the difficulty of training recurrent neural networks", with L from 50 to 200.
 *
 * @param steps L
 */
public record TemporalOrder(int steps) implements Task {
  private static final int SIGNS = 2;
  private static final int DISTRACTORS = 4;
  private static final Form FORM = Form.tokens(SIGNS + DISTRACTORS, SIGNS * SIGNS);

  /** Checks that both signs have a place. */
  public TemporalOrder {
    Parameter.require("L", steps, 10);
  }

  @Override
  public String label() {
    return "temporal-order?L=" + steps;
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
    Randomness distractors = unit.with("distractors");
    int first = unit.with("signs").below(SIGNS, 0);
    int second = unit.with("signs").below(SIGNS, 1);
    int firstAt = between(1, 2, unit, 0);
    int secondAt = between(5, 6, unit, 1);
    for (int t = 0; t < steps; t++) {
      int id = SIGNS + distractors.below(DISTRACTORS, t);
      id = t == firstAt ? first : t == secondAt ? second : id;
      boolean last = t == steps - 1;
      out.add(id, last ? SIGNS * first + second : 0, last ? 1 : 0);
    }
  }

  // A place from so many tenths of L on, before so many.
  private int between(int from, int to, Randomness unit, int index) {
    int least = steps * from / 10;
    return least + unit.with("places").below(steps * to / 10 - least, index);
  }

  @Override
  public double optimum() {
    return 0;
  }

  @Override
  public List<Baseline> baselines() {
    return List.of(
        new Baseline("guesses", StrictMath.log(4)),
        new Baseline("knows one of the two", StrictMath.log(2)));
  }
}
