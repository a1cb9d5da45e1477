package dev.lookback.cli;

import dev.lookback.analysis.Audit;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.gradient.LagNorms;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One coupling in a comparison: a run for each seed.
 *
 * @param coupling how its credit goes back
 * @param runs one for each seed, in the order of the seeds
 * @param score what it is judged by
 * @param reach how far its losses look back
 */
record Contender(CouplingPolicy coupling, List<Run> runs, Score score, Reach reach) {

  Contender {
    runs = List.copyOf(runs);
  }

  /**
   * One training.
   *
   * @param outcome how it ended
   * @param curve its points
   * @param moments audits in the course of it
   * @param lags how far back the last step's loss reaches, at the end
   * @param spectralRadius the largest of the layers' W_hh, at the end; NaN for gated cells
   * @param computed how often a step was computed on average: more than once within a budget
   */
  record Run(
      TrainingRun.Outcome outcome,
      List<CurvePoint> curve,
      List<Moment> moments,
      LagNorms lags,
      double spectralRadius,
      double computed) {

    Audit.Finding lastFinding() {
      return moments.get(moments.size() - 1).report().all();
    }
  }

  /**
   * An audit at some moment.
   *
   * @param done the fraction of the training that was done
   * @param report what was found
   */
  record Moment(double done, Audit.Report report) {}

  String label() {
    return coupling.label();
  }

  double mean(ToDoubleFunction<Run> value) {
    return runs.stream().mapToDouble(value).average().orElseThrow();
  }

  /** The standard deviation over the seeds; 0 for one seed. */
  double spread(ToDoubleFunction<Run> value) {
    if (runs.size() < 2) {
      return 0;
    }
    double mean = mean(value);
    double sum =
        runs.stream().mapToDouble(run -> Math.pow(value.applyAsDouble(run) - mean, 2)).sum();
    return Math.sqrt(sum / (runs.size() - 1));
  }

  /** Mean over the seeds of the score at the end. */
  double result() {
    return mean(this::result);
  }

  /** A run's score at the end. */
  double result(Run run) {
    return score.of(run.outcome().loss());
  }

  static double perplexity(Run run) {
    return Math.exp(run.outcome().loss());
  }

  /** Validation less training loss at the end, in nats. */
  static double gap(Run run) {
    return run.outcome().loss() - run.outcome().trainingLoss();
  }
}
