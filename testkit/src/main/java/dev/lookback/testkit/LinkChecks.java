package dev.lookback.testkit;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Pass;
import dev.lookback.gradient.Sweep;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.State;
import dev.lookback.testkit.Trial.Outcome;
import dev.lookback.weights.Weights;
import dev.lookback.window.Links;
import dev.lookback.window.Window;
import java.util.List;

/** What a cell makes of sweeps and of xi. */
final class LinkChecks {
  private static final double BY_IDENTITY = 3e-5;

  private LinkChecks() {}

  /**
   * Sweeps that end at a link and sweeps that overlap are sums of exact gradients of shorter
   * windows, each entered by a constant.
   */
  static void truncation(Trial trial) {
    try (Team team = Team.of(1)) {
      for (Coupling coupling :
          List.of(Coupling.fixed(1), Coupling.fixed(3), Coupling.sliding(2, 5), Coupling.full())) {
        Coupled coupled = coupling.couple(trial.steps(), trial.lanes(), Randomness.of(0));
        double[] expected = bySweeps(trial, coupled.sweeps(), team);
        for (int blockSteps : List.of(1, 4, trial.steps())) {
          Agreement agreement =
              new Agreement(
                  "the way back of "
                      + trial.describe()
                      + " through "
                      + coupling.label()
                      + " in blocks of "
                      + blockSteps
                      + " against the exact ways back of its sweeps",
                  "backward has to go over the steps [span.from(), span.to()) alone, begin with"
                      + " adjoint.carry(), and leave xi_t times what goes back there.");
          Outcome found = trial.run(coupled, blockSteps, team);
          agreement.weights(
              trial.network().layout().tensors(),
              Agreement.doubles(found.gradient()),
              expected,
              BY_IDENTITY);
        }
      }
    }
  }

  private static double[] bySweeps(Trial trial, List<Sweep> sweeps, Team team) {
    Window window = trial.window();
    double[] sum = new double[trial.network().layout().size()];
    for (Sweep sweep : sweeps) {
      State state = trial.state().copy();
      Weights gradient = Weights.zeros(trial.network().layout());
      Pass pass = new Pass(trial.network(), trial.lanes(), trial.steps(), team);
      if (sweep.backTo() > 0) {
        Window before = window.upTo(sweep.backTo());
        pass.run(trial.weights(), before, Trial.exact(before), state, gradient);
      }
      Window alone = window.upTo(sweep.to());
      alone = sweep.backTo() > 0 ? alone.from(sweep.backTo()) : alone;
      float[] weight = new float[alone.steps() * trial.lanes()];
      for (int row = 0; row < weight.length; row++) {
        boolean injected = row / trial.lanes() + sweep.backTo() >= sweep.injectFrom();
        float own = alone.weight().isPresent() ? alone.weight().get()[row] : 1;
        weight[row] = injected ? own : 0;
      }
      alone = alone.withWeight(weight);
      pass.run(trial.weights(), alone, Trial.exact(alone), state, gradient, window.totalWeight());
      for (int i = 0; i < sum.length; i++) {
        sum[i] += gradient.values()[i];
      }
    }
    return sum;
  }

  /**
   * xi scales what goes back over its link: the gradient is affine in the xi of every link, what
   * reaches the entering state is in proportion to the first one, and each lane has its own.
   */
  static void links(Trial trial) {
    try (Team team = Team.of(1)) {
      int steps = trial.steps();
      Agreement agreement =
          new Agreement(
              "the way back of " + trial.describe() + " with an xi of 1.5 on one link",
              "backward has to multiply all that it sends back over the link in front of step t by"
                  + " span.xi(t, b, lanes), every plane of the state alike.");
      for (int t = 1; t < steps; t++) {
        float[] xi = Links.whole(steps).toArray();
        double[] whole = through(trial, Links.shared(xi), team);
        xi[t] = 0;
        double[] cut = through(trial, Links.shared(xi), team);
        inTwoSweeps(trial, t, cut, team);
        xi[t] = 1.5f;
        double[] found = through(trial, Links.shared(xi), team);
        double[] expected = new double[whole.length];
        for (int i = 0; i < whole.length; i++) {
          expected[i] = cut[i] + 1.5 * (whole[i] - cut[i]);
        }
        agreement.weights(trial.network().layout().tensors(), found, expected, BY_IDENTITY);
      }
      byState(trial, team);
      byLane(trial, team);
    }
  }

  private static void inTwoSweeps(Trial trial, int t, double[] cut, Team team) {
    List<Sweep> sweeps = List.of(new Sweep(0, t, 0), new Sweep(t, trial.steps(), t));
    new Agreement(
            "the way back of " + trial.describe() + " with an xi of 0 in front of step " + t,
            "Where span.xi(t, b, lanes) is 0, backward may send nothing over the link.")
        .weights(
            trial.network().layout().tensors(), cut, bySweeps(trial, sweeps, team), BY_IDENTITY);
  }

  private static double[] through(Trial trial, Links links, Team team) {
    return Agreement.doubles(trial.run(oneSweep(links), 4, team).gradient());
  }

  // All links in one sweep, cut or not: that what is cut is zero is the cell's to do.
  private static Coupled oneSweep(Links links) {
    return new Coupled(links, List.of(new Sweep(0, links.steps(), 0)));
  }

  private static void byState(Trial trial, Team team) {
    float[] xi = Links.whole(trial.steps()).toArray();
    State whole = trial.run(oneSweep(Links.shared(xi)), 4, team).byState();
    xi[0] = 1.5f;
    State found = trial.run(oneSweep(Links.shared(xi)), 4, team).byState();
    double[][][] expected = new double[trial.network().cells().size()][][];
    for (int l = 0; l < expected.length; l++) {
      expected[l] = new double[whole.layer(l).length][];
      for (int p = 0; p < expected[l].length; p++) {
        expected[l][p] = Agreement.doubles(whole.layer(l)[p]);
        for (int i = 0; i < expected[l][p].length; i++) {
          expected[l][p][i] *= 1.5;
        }
      }
    }
    new Agreement(
            "the way back of " + trial.describe() + " with an xi of 1.5 in front of the window",
            "backward has to leave xi times what goes back in adjoint.carry(), in every plane.")
        .state("the entering state", found, expected, BY_IDENTITY);
  }

  // xi of each lane = the sum over the lanes, every one with its own xi for all.
  private static void byLane(Trial trial, Team team) {
    int steps = trial.steps();
    int lanes = trial.lanes();
    float[] xi = new float[steps * lanes];
    for (int i = 0; i < xi.length; i++) {
      xi[i] = i % 4 == 1 ? 0 : i % 4 == 2 ? 1.25f : 1;
    }
    double[] expected = new double[trial.network().layout().size()];
    for (int b = 0; b < lanes; b++) {
      float[] own = new float[steps];
      float[] weight = new float[steps * lanes];
      for (int t = 0; t < steps; t++) {
        own[t] = xi[t * lanes + b];
        weight[t * lanes + b] = 1;
      }
      Trial alone = trial.with(trial.window().withWeight(weight));
      double[] found = through(alone, Links.shared(own), team);
      for (int i = 0; i < found.length; i++) {
        expected[i] += found[i] / lanes;
      }
    }
    new Agreement(
            "the way back of " + trial.describe() + " with an xi for each lane",
            "backward has to ask span.xi(t, b, lanes) for each lane.")
        .weights(
            trial.network().layout().tensors(),
            through(trial, Links.perLane(xi, lanes), team),
            expected,
            BY_IDENTITY);
  }
}
