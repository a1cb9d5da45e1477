package dev.lookback.cli;

import dev.lookback.data.task.Task;

/**
 * The number that contenders are judged by: perplexity, or the loss itself where there is an
 * optimum to hold it against.
 *
 * @param name what it is called
 * @param perplexity whether it is the exponential of the loss
 * @param range the worst baseline less the optimum; of no use for perplexities
 */
record Score(String name, boolean perplexity, double range) {
  static final Score PERPLEXITY = new Score("perplexity", true, 0);

  // Results of one run each that are closer than this share are not told apart.
  private static final double INDISTINCT = 0.02;

  static Score loss(Task task) {
    return new Score("loss", false, task.baselines().get(0).loss() - task.optimum());
  }

  double of(double loss) {
    return perplexity ? Math.exp(loss) : loss;
  }

  /** How far above the best a result of one run may lie and not be worse. */
  double indistinct(double best) {
    return INDISTINCT * (perplexity ? best : range);
  }
}
