package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.analysis.Audit;
import dev.lookback.data.task.Task;
import dev.lookback.data.task.Tasks;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.gradient.LagNorms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sentences that numbers earn. */
class VerdictTest {

  /** A contender by its numbers; a perplexity for each seed. */
  private static final class Made {
    private final Coupling coupling;
    private Score score = Score.PERPLEXITY;
    private long bytes = 1000;
    private double bias;
    private double error;
    private double variance;
    private double decay = 0.5;

    Made(String coupling) {
      this.coupling = CouplingNotation.parse(coupling);
    }

    Made scoring(Score value) {
      score = value;
      return this;
    }

    Made bytes(long value) {
      bytes = value;
      return this;
    }

    Made bias(double value) {
      bias = value;
      return this;
    }

    Made chance(double standardError, double itsVariance) {
      error = standardError;
      variance = itsVariance;
      return this;
    }

    Made decay(double value) {
      decay = value;
      return this;
    }

    Contender with(double... perplexities) {
      Audit.Finding finding = new Audit.Finding(bias, error, variance, 0.9, 0.75);
      Audit.Report report = new Audit.Report(coupling.label(), 16, finding, List.of());
      double[] phi = new double[20];
      for (int k = 0; k < phi.length; k++) {
        phi[k] = Math.pow(decay, k);
      }
      List<Contender.Run> runs = new ArrayList<>();
      for (double perplexity : perplexities) {
        TrainingRun.Outcome outcome =
            new TrainingRun.Outcome(Math.log(perplexity), true, 1, 100, 10, 1, 2, 5, bytes, 0.5, 0);
        runs.add(
            new Contender.Run(
                outcome,
                List.of(),
                List.of(new Contender.Moment(1, report)),
                new LagNorms(phi),
                1,
                1));
      }
      Reach reach = Reach.of(coupling.lagCoverage(100));
      return new Contender(coupling, runs, score, reach);
    }
  }

  private static Made made(String coupling) {
    return new Made(coupling);
  }

  private static String all(Contender... contenders) {
    Verdict verdict = Verdict.of(List.of(contenders), Optional.empty());
    return verdict.headline() + "\n" + String.join("\n", verdict.reasons());
  }

  @Test
  void theBestIsNamedAndACheaperOneThatIsAsGood() {
    assertThat(all(made("full").with(5), made("fixed:8").bytes(250).with(5.05)))
        .startsWith(
            "full ends with the lowest validation perplexity, 5.000; fixed:8 cannot be told from it"
                + " (5.050) and needs 25.0% of its activation memory.");
    assertThat(all(made("full").with(5), made("fixed:8").bytes(250).with(5.2)))
        .startsWith(
            "full ends with the lowest validation perplexity, 5.000, and needs the"
                + " least memory of those that are as good.");
  }

  @Test
  void oneThatNeedsAsMuchIsNotCheaper() {
    assertThat(all(made("full").with(5.01), made("fixed:8").with(5)))
        .startsWith("fixed:8 ends with the lowest validation perplexity, 5.000, and needs the");
  }

  @Test
  void randomIsHeldAgainstFixedTruncationOfItsLength() {
    Contender fixed = made("fixed:8").with(5);
    assertThat(all(fixed, made("random:8").with(5.5)))
        .contains(
            "Random truncation with mean length 8 ended worse than fixed truncation of that length"
                + " here: 5.500 against 5.000.");
    assertThat(all(fixed, made("random:8").with(4.5))).contains("ended better than fixed");
    assertThat(all(fixed, made("random:8").with(5.09)))
        .contains("ended not distinguishable from fixed");
    assertThat(all(fixed, made("random:9").with(4.5))).doesNotContain("Random truncation with");
  }

  @Test
  void howFarBackIsTheShortestSegmentThatEndsAsWellAsTheBest() {
    Contender full = made("full").decay(0.5).with(5);
    Contender four = made("fixed:4").with(5.05);
    assertThat(all(full, made("fixed:2").with(5.4), four, made("fixed:8").with(5.01)))
        .contains(
            "How far back? Segments of 4 steps are the shortest tried that end as well as the best."
                + " In the network trained with full, credit halves every 1.0 steps.");
    assertThat(all(full, made("fixed:2").with(5.4))).doesNotContain("How far back?");
  }

  @Test
  void severalSeedsAreJudgedByTheirSpread() {
    Contender fixed = made("fixed:8").with(4.9, 5.0, 5.1);
    // Standard error of the difference: sqrt((0.1^2 + 0.1^2) / 3) = 0.082; times Student's 2.78 for
    // four degrees of freedom 0.227.
    assertThat(all(fixed, made("random:8").with(5.0, 5.1, 5.2)))
        .contains("is not distinguishable from", "5.10 ± 0.10 against 5.00 ± 0.10")
        .doesNotContain("One seed each");
    assertThat(all(fixed, made("random:8").with(5.12, 5.22, 5.32)))
        .contains("is not distinguishable from");
    assertThat(all(fixed, made("random:8").with(5.13, 5.23, 5.33))).contains("is worse than");
    assertThat(all(fixed, made("random:8").with(4.67, 4.77, 4.87))).contains("is better than");
  }

  @Test
  void oneSeedIsNotMadeMoreOfThanItIs() {
    assertThat(all(made("full").with(5))).contains("One seed each", "may be chance", "--seeds 5");
  }

  @Test
  void gradientsAreExactOffOrUnbiasedButNoisy() {
    String said =
        all(
            made("full").with(5),
            made("fixed:8").bias(0.25).with(5),
            made("random:8").bias(0.03).chance(0.04, 1.5).with(5));
    assertThat(said)
        .contains("full: perplexity 5.000", "its gradient is exact.")
        .contains("its gradient is off by 25.0% of the exact one's length (cosine 0.900)")
        .contains("its gradient is unbiased (measured 3.0%, 4.0% expected from chance alone)")
        .contains(
            "one draw, averaged over the audit's windows, varies by 1.5 |g|² and points downhill"
                + " 75.0% of the time.");
  }

  @Test
  void infiniteVarianceIsWarnedOfWhereTheMeasuredDecaySaysSo() {
    // random:5 has pi = 0.8; the square root of it is 0.894.
    assertThat(all(made("random:5").decay(0.89).with(5))).doesNotContain("Warning");
    assertThat(all(made("random:5").decay(0.9).with(5)))
        .contains("Warning: ", "decays by a factor of 0.900 a step", "random:5's pi = 0.800")
        .contains("grows without bound", "A mean length above 5.26 would keep it finite.");
    assertThat(all(made("random:5").decay(1.1).with(5))).contains("No mean length keeps it finite");
    // A floor of 20 links leaves a roulette of mean 5, and comes on top of what would do.
    assertThat(all(made("random:25,floor=20").decay(0.89).with(5))).doesNotContain("Warning");
    assertThat(all(made("random:25,floor=20").decay(0.9).with(5)))
        .contains("random:25,floor=20's pi = 0.800", "A mean length above 25.3 would keep");
    // The power law's pi goes to 1.
    assertThat(all(made("random:5,alpha=4").decay(0.999).with(5))).doesNotContain("Warning");
    assertThat(all(made("random:5,alpha=4").decay(1.1).with(5))).contains("Warning");
    assertThat(all(made("fixed:5").decay(1.1).with(5))).doesNotContain("Warning");
  }

  @Test
  void slidingIsHeldAgainstFixedTruncationOfItsMemory() {
    Contender sliding = made("every-loss-at-least:8").bytes(1050).with(4.5);
    assertThat(all(made("fixed:16").bytes(1000).with(5), sliding))
        .contains(
            "every-loss-at-least:8, whose losses look back 1 step or more, ended better than"
                + " fixed:16, which remembers as many bytes");
    assertThat(all(made("fixed:16").bytes(900).with(5), sliding))
        .doesNotContain("remembers as many bytes");
  }

  @Test
  void aRandomCouplingWithMoreThanAMeanIsCalledByItsName() {
    assertThat(all(made("fixed:9").with(5), made("random:9,floor=3").with(5.5)))
        .contains("random:9,floor=3 with mean length 9 ended worse than fixed truncation");
  }

  @Test
  void aTaskThatNobodyLearnedHasNoWinner() {
    Task task = Tasks.parse("adding?T=6");
    Contender full = made("full").scoring(Score.loss(task)).with(Math.exp(0.084));
    Contender fixed = made("fixed:2").bytes(10).scoring(Score.loss(task)).with(Math.exp(0.0835));
    Verdict unlearned = Verdict.of(List.of(full, fixed), Optional.of(task));
    assertThat(unlearned.headline())
        .isEqualTo(
            "No coupling learned the task: the best, fixed:2, ends at 0.08350, and \"always 1\" is"
                + " 0.0833. Train longer: who ends as well as whom means nothing yet.");
    assertThat(unlearned.reasons()).noneMatch(reason -> reason.contains("How far back?"));
    Contender learned = made("full").scoring(Score.loss(task)).with(Math.exp(0.01));
    Verdict verdict = Verdict.of(List.of(learned, fixed), Optional.of(task));
    assertThat(verdict.headline()).startsWith("full ends with the lowest validation loss, 0.01000");
    assertThat(verdict.reasons()).anyMatch(r -> r.contains("differences of 0.002 or less"));
  }
}
