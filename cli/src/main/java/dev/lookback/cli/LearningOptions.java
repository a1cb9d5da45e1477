package dev.lookback.cli;

import dev.lookback.optim.Adam;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.optim.Momentum;
import dev.lookback.optim.Optimizer;
import dev.lookback.optim.Rate;
import dev.lookback.optim.RmsProp;
import dev.lookback.optim.Sgd;
import dev.lookback.optim.WeightDecay;
import picocli.CommandLine.Option;

/** From gradient to change. */
final class LearningOptions {
  private static final String MOMENTUM = "Of momentum; longest gradient, 0: any [0.9, 1]";
  private static final String L2 = "l2";
  private static final String OPTIMIZER = "sgd, momentum, adam, rmsprop; rate [adam, 0.002]";

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = OPTIMIZER)
  private String optimizer = "adam";

  @Option(names = "--lr", paramLabel = "RATE", defaultValue = "0.002", description = OPTIMIZER)
  private double rate;

  @Option(
      names = "--rate",
      paramLabel = "HOW",
      defaultValue = "constant",
      description = "constant, step:FACTOR,EVERY, cosine:N[,FLOOR] [${DEFAULT-VALUE}]")
  private String schedule = "constant";

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "0",
      description = "Updates over which the rate rises from 0 [${DEFAULT-VALUE}]")
  private long warmUp;

  @Option(names = "--momentum", paramLabel = "M", defaultValue = "0.9", description = MOMENTUM)
  private double momentum;

  @Option(names = "--clip", paramLabel = "NORM", defaultValue = "1", description = MOMENTUM)
  private double clip;

  @Option(
      names = "--weight-decay",
      paramLabel = "D",
      defaultValue = "0",
      description = "After clip and momentum; D,l2: on the gradient [${DEFAULT-VALUE}]")
  private String decay = "0";

  Optimizer optimizer() {
    require(rate > 0 && rate <= Float.MAX_VALUE, "--lr", rate, "more than 0");
    require(clip >= 0 && clip <= Float.MAX_VALUE, "--clip", clip, "more than 0, or 0 for off");
    double pull = decay();
    require(pull >= 0 && pull <= Float.MAX_VALUE, "--weight-decay", pull, "0 or more");
    require(momentum >= 0 && momentum < 1, "--momentum", momentum, "0 or more and below 1");
    require(warmUp >= 0, "--warm-up", warmUp, "0 or more");
    Optimizer chosen =
        switch (optimizer) {
          case "sgd" -> Sgd.of(rates());
          case "momentum" -> Sgd.of(rates()).after(Momentum.of(momentum));
          case "adam" -> Adam.of(rates());
          case "rmsprop" -> RmsProp.of(rates());
          default ->
              throw Failure.usage(
                  "--optimizer is \""
                      + optimizer
                      + "\" but has to be sgd, momentum, adam or rmsprop");
        };
    if (pull != 0) {
      WeightDecay added = WeightDecay.of(pull);
      chosen = decay.strip().endsWith("," + L2) ? chosen.after(added) : chosen.then(added);
    }
    return clip == 0 ? chosen : chosen.after(ClipByNorm.of(clip));
  }

  private double decay() {
    String[] parts = decay.strip().split(",", -1);
    try {
      if (parts.length == 1 || (parts.length == 2 && parts[1].equals(L2))) {
        return Double.parseDouble(parts[0]);
      }
    } catch (NumberFormatException e) {
      throw decayFailure();
    }
    throw decayFailure();
  }

  private Failure decayFailure() {
    return Failure.usage(
        "--weight-decay is \""
            + decay
            + "\" but has to be a number, such as 0.01, or with l2 behind it, 0.01,l2: the gradient"
            + " of a penalty, as PyTorch's optimizers other than AdamW have it");
  }

  private static void require(boolean fine, String option, Number found, String needed) {
    if (!fine) {
      throw Failure.usage(option + " is " + found + " but has to be " + needed);
    }
  }

  private Rate rates() {
    Rate rates = schedule();
    return warmUp > 0 ? rates.withWarmUp(warmUp) : rates;
  }

  private Rate schedule() {
    String[] parts = schedule.split("[:,]", -1);
    try {
      if (parts[0].equals("constant") && parts.length == 1) {
        return Rate.constant(rate);
      } else if (parts[0].equals("step") && parts.length == 3) {
        return Rate.step(rate, Double.parseDouble(parts[1]), Long.parseLong(parts[2]));
      } else if (parts[0].equals("cosine") && (parts.length == 2 || parts.length == 3)) {
        double floor = parts.length == 3 ? Double.parseDouble(parts[2]) : 0;
        return Rate.cosine(rate, floor, Long.parseLong(parts[1]));
      }
    } catch (NumberFormatException e) {
      throw rateFailure();
    }
    throw rateFailure();
  }

  private Failure rateFailure() {
    return Failure.usage(
        "--rate is \""
            + schedule
            + "\" but has to be constant, step:FACTOR,EVERY (step:0.5,1000) or"
            + " cosine:UPDATES[,FLOOR] (cosine:5000)");
  }
}
