package dev.lookback.data.task;

import dev.lookback.math.Randomness;
import java.util.List;

/**
 * Counting: lines of n times a and n times b in turn, n drawn from 1 to max for each pair of lines,
 * and each step's target is the next character.
 *
 * <p>Only n is left to chance, so a pair of lines, on average max + 3 characters long, costs ln max
 * nats: 5 bits over 35 characters, 0.1429 bits per character, for max = 32. Who sees nothing but
 * the present character knows neither when a line ends nor which one begins:
 *
 * <pre>  (2 E[n] H(1 / E[n]) + 2 ln 2) / (2 E[n] + 2)</pre>
 *
 * <p>Tallec and Ollivier 2018, "Unbiased online recurrent optimization".
 *
 * @param max the most letters in a line
 */
public record Anbn(int max) implements Task {
  private static final List<String> SYMBOLS = List.of("\n", "a", "b");
  private static final int LINE_BREAK = 1;
  private static final int A = 2;
  private static final int B = 3;
  private static final Form FORM = Form.tokens(SYMBOLS.size() + 1, SYMBOLS.size() + 1);

  /** Checks that there is something to count. */
  public Anbn {
    Parameter.require("max", max, 1);
  }

  @Override
  public String label() {
    return "anbn?max=" + max;
  }

  @Override
  public Form form() {
    return FORM;
  }

  @Override
  public boolean independent() {
    return false;
  }

  @Override
  public boolean onlyLastCounts() {
    return false;
  }

  private double meanCount() {
    return (1 + max) / 2.0;
  }

  @Override
  public double meanLength() {
    return 2 * meanCount() + 2;
  }

  private int drawn(Randomness lane, long number) {
    return 1 + lane.with("n").below(max, number);
  }

  @Override
  public int length(Randomness lane, long number) {
    return 2 * drawn(lane, number) + 2;
  }

  @Override
  public void write(Randomness lane, long number, Steps out) {
    int n = drawn(lane, number);
    line(A, n, B, out);
    line(B, n, A, out);
  }

  private static void line(int letter, int n, int nextLine, Steps out) {
    for (int i = 1; i <= n; i++) {
      out.add(letter, i < n ? letter : LINE_BREAK);
    }
    out.add(LINE_BREAK, nextLine);
  }

  @Override
  public double optimum() {
    return StrictMath.log(max) / meanLength();
  }

  @Override
  public List<Baseline> baselines() {
    double lines = 2 * meanCount() * Entropy.coin(1 / meanCount());
    return List.of(
        new Baseline("the present character only", (lines + 2 * StrictMath.log(2)) / meanLength()));
  }

  @Override
  public List<String> symbols() {
    return SYMBOLS;
  }
}
