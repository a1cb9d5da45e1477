package dev.lookback.testkit;

import dev.lookback.loss.Loss;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.window.Targets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether a loss of one's own is what a pass takes it for.
 *
 * <pre>{@code
 * LossCheck.ofValues(Huber::new).all();
 * }</pre>
 *
 * <p>Every check throws an {@link AssertionError} that names the number and how far it is off. The
 * loss has to be smooth near the outputs it is tried with.
 *
 * @param losses makes the loss, one for each use
 * @param targets what it is held against, some rows
 * @param width O, the outputs of a row
 */
public record LossCheck(Supplier<Loss> losses, Targets targets, int width) {
  private static final int ROWS = 12;
  private static final double BY_DIFFERENCES = 2e-3;

  /** Checks of a loss on targets that are rows of numbers, normal ones. */
  public static LossCheck ofValues(Supplier<Loss> losses) {
    float[] y = Trial.numbers(Randomness.of(3).with("y"), ROWS * 5, 1);
    return new LossCheck(losses, new Targets.Values(y, 5), 5);
  }

  /** Checks of a loss on targets that are classes. */
  public static LossCheck ofClasses(Supplier<Loss> losses) {
    int[] y = Trial.ids(Randomness.of(3).with("y"), ROWS, 5);
    return new LossCheck(losses, new Targets.Classes(y), 5);
  }

  /** Every check there is. */
  public void all() {
    gradient();
    weights();
    pieces();
  }

  private int rows() {
    return targets instanceof Targets.Classes classes
        ? classes.ids().length
        : ((Targets.Values) targets).values().length / width;
  }

  private float[] outputs() {
    return Trial.numbers(Randomness.of(4).with("o"), rows() * width, 1.5);
  }

  private Agreement agreement(String what, String remedy) {
    return new Agreement(losses.get().label() + ", " + what, remedy);
  }

  private static double run(
      Loss loss, float[] outputs, Loss.RowRange rows, Targets targets, Given given) {
    return loss.lossAndGradient(
        outputs, rows, targets, given.weight(), given.scale(), given.team());
  }

  private record Given(Optional<float[]> weight, double scale, Team team) {}

  /** What it leaves in the outputs is the gradient of what it returns. */
  public void gradient() {
    try (Team team = Team.of(1)) {
      Given given = new Given(Optional.empty(), 1, team);
      Loss.RowRange all = new Loss.RowRange(0, rows(), width);
      Loss loss = losses.get();
      float[] outputs = outputs();
      float[] found = outputs.clone();
      run(loss, found, all, targets, given);
      double[] expected =
          Differences.gradient(outputs, () -> run(loss, outputs.clone(), all, targets, given));
      agreement(
              "its gradient against differences of its value",
              "lossAndGradient has to return the sum of the rows' losses and leave its derivative"
                  + " in the outputs.")
          .rows("dl/do", Agreement.doubles(found), expected, width, BY_DIFFERENCES);
    }
  }

  /**
   * A row of weight w counts w times, one of weight 0 not at all, whatever stands in it; the scale
   * is the gradient's alone.
   */
  public void weights() {
    try (Team team = Team.of(1)) {
      int rows = rows();
      Loss.RowRange all = new Loss.RowRange(0, rows, width);
      float[] weight = new float[rows];
      double sum = 0;
      float[] plain = outputs();
      Given unit = new Given(Optional.empty(), 1, team);
      run(losses.get(), plain, all, targets, unit);
      double[] expected = new double[plain.length];
      for (int r = 0; r < rows; r++) {
        weight[r] = r % 4 / 2f;
        float[] alone = Arrays.copyOfRange(outputs(), r * width, (r + 1) * width);
        sum += weight[r] * run(losses.get(), alone, new Loss.RowRange(r, 1, width), targets, unit);
        for (int j = r * width; j < (r + 1) * width; j++) {
          expected[j] = 0.25 * weight[r] * plain[j];
        }
      }
      float[] found = outputs();
      for (int r = 0; r < rows; r += 4) {
        Arrays.fill(found, r * width, (r + 1) * width, Float.NaN);
      }
      double loss =
          run(losses.get(), found, all, targets, new Given(Optional.of(weight), 0.25, team));
      Agreement agreement =
          agreement(
              "rows of weight 0, 0.5, 1 and 1.5 and a scale of 0.25",
              "A row's loss counts its weight times, its gradient weight times scale; a masked row,"
                  + " NaN or not, gives zeros.");
      agreement.number("the sum of the losses", loss, sum, 1e-6 * Math.max(1, Math.abs(sum)));
      agreement.rows("dl/do", Agreement.doubles(found), expected, width, 1e-5);
    }
  }

  /** Rows in pieces are the rows at once, with one thread and two. */
  public void pieces() {
    try (Team one = Team.of(1);
        Team two = Team.of(2)) {
      int rows = rows();
      Loss loss = losses.get();
      float[] whole = outputs();
      double sum =
          run(
              loss,
              whole,
              new Loss.RowRange(0, rows, width),
              targets,
              new Given(Optional.empty(), 0.5, one));
      float[] found = outputs();
      double pieces = 0;
      for (int from = 0; from < rows; from += 5) {
        int count = Math.min(5, rows - from);
        float[] piece = Arrays.copyOfRange(found, from * width, (from + count) * width);
        pieces +=
            run(
                loss,
                piece,
                new Loss.RowRange(from, count, width),
                targets,
                new Given(Optional.empty(), 0.5, two));
        System.arraycopy(piece, 0, found, from * width, piece.length);
      }
      Agreement agreement =
          agreement(
              "five rows at a time with two threads against all at once",
              "Row r of the outputs is row rows.first() + r of the targets and of the weights.");
      agreement.number("the sum of the losses", pieces, sum, 1e-9 * Math.max(1, Math.abs(sum)));
      agreement.bits("dl/do", found, whole, width);
    }
  }
}
