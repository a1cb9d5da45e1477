package dev.lookback.data.task;

import dev.lookback.math.Randomness;
import java.util.ArrayList;
import java.util.List;

/**
 * Distant brackets: a left bracket, s letters drawn from the first a of the alphabet, a right
 * bracket, k letters drawn in the same way, and then the first s again between brackets and a line
 * break; each step's target is the next character. 2s + k + 5 characters a line.
 *
 * <p>s + k letters are left to chance: (s + k) ln a / (2s + k + 5) nats a character, 1.661 bits for
 * s = 1, k = 5, a = 10. Who has forgotten the first s pays for them twice.
 *
 * <p>Tallec and Ollivier 2018, "Unbiased online recurrent optimization".
 *
 * @param kept s
 * @param between k
 * @param letters a
 */
public record Brackets(int kept, int between, int letters) implements Task {
  private static final int ALPHABET = 26;
  private static final int LINE_BREAK = 1;
  private static final int LEFT = 2;
  private static final int RIGHT = 3;
  private static final int FIRST_LETTER = 4;

  /** Checks that there are letters. */
  public Brackets {
    Parameter.require("s", kept, 1);
    Parameter.require("k", between, 0);
    Parameter.require("a", letters, 1);
    if (letters > ALPHABET) {
      throw new IllegalArgumentException(
          "a is " + letters + " but the alphabet has " + ALPHABET + " letters");
    }
  }

  @Override
  public String label() {
    return "brackets?s=" + kept + ",k=" + between + ",a=" + letters;
  }

  @Override
  public Form form() {
    return Form.tokens(FIRST_LETTER + letters, FIRST_LETTER + letters);
  }

  @Override
  public boolean independent() {
    return false;
  }

  @Override
  public boolean onlyLastCounts() {
    return false;
  }

  private int line() {
    return 2 * kept + between + 5;
  }

  @Override
  public double meanLength() {
    return line();
  }

  @Override
  public int length(Randomness lane, long number) {
    return line();
  }

  @Override
  public void write(Randomness lane, long number, Steps out) {
    Randomness unit = lane.with(number);
    for (int t = 0; t < line(); t++) {
      // A line begins as the one before it did.
      out.add(character(unit, t), t + 1 < line() ? character(unit, t + 1) : LEFT);
    }
  }

  private int character(Randomness unit, int t) {
    int second = kept + between + 2;
    if (t == 0 || t == second) {
      return LEFT;
    } else if (t == kept + 1 || t == second + kept + 1) {
      return RIGHT;
    } else if (t == line() - 1) {
      return LINE_BREAK;
    }
    return FIRST_LETTER + unit.below(letters, t < second ? t : t - second);
  }

  private double cost(int drawn) {
    return drawn * StrictMath.log(letters) / line();
  }

  @Override
  public double optimum() {
    return cost(kept + between);
  }

  @Override
  public List<Baseline> baselines() {
    return List.of(new Baseline("forgets the first bracket", cost(2 * kept + between)));
  }

  @Override
  public List<String> symbols() {
    List<String> symbols = new ArrayList<>(List.of("\n", "[", "]"));
    for (int i = 0; i < letters; i++) {
      symbols.add(Character.toString('a' + i));
    }
    return symbols;
  }
}
