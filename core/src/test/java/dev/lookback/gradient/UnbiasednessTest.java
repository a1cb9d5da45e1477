package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.ElmanGradient;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Matrices;
import dev.lookback.book.RandomTruncation;
import dev.lookback.book.RandomTruncation.Outcome;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mean over every outcome of xi is the exact gradient: a finite sum, nothing is sampled. */
class UnbiasednessTest {
  private static final Team TEAM = Team.of(1);
  private static final int DRAWS = 20_000;

  private static final List<KeepProbability> SCHEDULES =
      List.of(
          KeepProbability.geometric(4),
          KeepProbability.perStep(1, 0.5, 0.9, 0.25, 1, 0.7, 0.8, 0.6, 0.5, 0.75, 0.9, 0.4),
          KeepProbability.powerLaw(4, 5),
          KeepProbability.floor(2, KeepProbability.geometric(2.5)),
          KeepProbability.floor(1, KeepProbability.powerLaw(3, 3)),
          // Depends on the place as well as on the past.
          (step, sinceCut) -> 1 / (1 + 0.05 * step + 0.1 * sinceCut));

  @AfterAll
  static void close() {
    TEAM.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "3, 2", "7, 3", "12, 2"})
  void withOneXiForAllLanes(int steps, int lanes) {
    Case c = tiny(steps, lanes);
    for (KeepProbability keep : SCHEDULES) {
      assertUnbiased(c, RandomTruncation.shared(steps, lanes, keep::at), true);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "2, 5", "3, 4", "5, 2", "12, 1"})
  void withXiForEachLane(int steps, int lanes) {
    Case c = tiny(steps, lanes);
    for (KeepProbability keep : SCHEDULES) {
      assertUnbiased(c, RandomTruncation.perLane(steps, lanes, keep::at), false);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 4", "3, 3", "5, 2"})
  void withXiByStrata(int steps, int lanes) {
    Case c = tiny(steps, lanes);
    for (KeepProbability keep :
        List.of(SCHEDULES.get(0), SCHEDULES.get(2), SCHEDULES.get(3), SCHEDULES.get(4))) {
      assertUnbiased(c, StratifiedOutcomes.of(keep, steps, lanes), false);
    }
  }

  /**
   * h_t = tanh(0.8 h_{t-1} + 0.3 sin i), i = 0..9, h_0 = 0.1, half the squared distance from 0.5:
   * the power law knows how long ago the last cut was, and keeps the mean; its variance is known.
   */
  @Test
  void theHistoryOfCutsKeepsTheMeanAndGivesTheKnownVariance() {
    Network network =
        Network.of(new Elman(1, 1, Activation.TANH, Biases.NONE), Readout.linear(1).withoutBias());
    Weights weights = new Weights(network.layout(), new float[] {1, 0.8f, 1});
    float[] x = new float[10];
    float[] y = new float[10];
    for (int i = 0; i < 10; i++) {
      x[i] = (float) (0.3 * Math.sin(i));
      y[i] = 0.5f;
    }
    Window window = Window.of(10, 1, new Inputs.Dense(x, 1), new Targets.Values(y, 1));
    Pass pass = new Pass(network, 1, 4, TEAM);
    List<Outcome> outcomes = RandomTruncation.shared(10, 1, KeepProbability.powerLaw(4, 5)::at);
    assertThat(outcomes).hasSize(512);
    RandomTruncation.Moments moments =
        RandomTruncation.moments(
            outcomes,
            xi -> {
              State state = State.zeros(network, 1);
              state.layer(0)[0][0] = 0.1f;
              Weights gradient = Weights.zeros(network.layout());
              Coupled coupled = Coupled.tiled(links(new Outcome(xi, 1), true));
              pass.run(weights, window, coupled, state, gradient, 1);
              return new double[] {gradient.of("rnn.weight_hh_l0")[0]};
            });
    assertThat(moments.mean()[0]).isCloseTo(-1.4102188634587054, within(1e-6));
    assertThat(moments.variance()[0]).isCloseTo(0.91737, within(1e-5));
  }

  @Test
  void throughResetsAndMasks() {
    Case c =
        Case.of(
            new Case.Sizes(2, 3, 5, 4, 2, 8),
            Activation.TANH,
            new boolean[] {true, true, true},
            17);
    assertUnbiased(c, RandomTruncation.shared(8, 2, SCHEDULES.get(2)::at), true);
  }

  /** Without it the two tests above could pass on xi that do nothing. */
  @Test
  void aWrongProbabilityIsNoticed() {
    Case c = tiny(6, 1);
    double[] exact = exact(c);
    double[] mean = new double[exact.length];
    for (Outcome outcome : RandomTruncation.shared(6, 1, (t, sinceCut) -> 0.5)) {
      // xi = 2 with probability 0.5, but counted as if it came with probability 0.6.
      int kept = (int) Arrays.stream(outcome.xi()).skip(1).filter(xi -> xi[0] != 0).count();
      double probability = Math.pow(0.6, kept) * Math.pow(0.4, 5 - kept);
      add(mean, Matrices.scale(probability, engine(c, links(outcome, true))));
    }
    assertThat(Matrices.norm(Matrices.add(mean, Matrices.scale(-1, exact))))
        .isGreaterThan(0.02 * Matrices.norm(exact));
  }

  private static Case tiny(int steps, int lanes) {
    Case.Sizes sizes = new Case.Sizes(2, 2, 3, 2, lanes, steps);
    boolean[] denseValues = {false, false, false};
    return Case.of(sizes, Activation.TANH, denseValues, 100L * steps + lanes);
  }

  private static void assertUnbiased(Case c, List<Outcome> outcomes, boolean shared) {
    ElmanTrace trace = c.bookTrace(c.bookNetwork());
    double divisor = c.window().totalWeight();
    double[] exact = exact(c);
    double[] ofBook = new double[exact.length];
    double[] ofEngine = new double[exact.length];
    double magnitude = 0;
    for (Outcome outcome : outcomes) {
      double p = outcome.probability();
      ElmanGradient book = ElmanGradient.coupled(trace, c.bookLoss(), divisor, outcome.xi());
      add(ofBook, Matrices.scale(p, flat(book)));
      double[] engine = engine(c, links(outcome, shared));
      add(ofEngine, Matrices.scale(p, engine));
      magnitude += p * Matrices.norm(engine);
    }
    // Single outcomes are as large as their product of 1/pi, and so is their rounding.
    double rounding = 5e-7 * magnitude;
    for (int i = 0; i < exact.length; i++) {
      assertThat(ofBook[i]).as("book [%d]", i).isCloseTo(exact[i], within(1e-12));
      assertThat(ofEngine[i]).as("engine [%d]", i).isCloseTo(exact[i], within(rounding));
    }
  }

  private static void add(double[] sum, double[] addend) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += addend[i];
    }
  }

  private static double[] exact(Case c) {
    return flat(c.book(Coupling.full().couple(c.steps(), c.lanes(), Randomness.of(0))));
  }

  /** dL/dw and dL/dh0. */
  private static double[] flat(ElmanGradient gradient) {
    double[] all = gradient.parameters();
    for (double[][] layer : gradient.h0()) {
      all = Matrices.flatten(new double[][] {all, Matrices.flatten(layer)});
    }
    return all;
  }

  private static double[] engine(Case c, Links links) {
    Case.Outcome found = c.engine(Coupling.given(links), 0, 5, TEAM);
    double[] all = EngineTest.toDouble(found.gradient());
    State h0 = found.h0();
    for (int l = 0; l < c.network().cells().size(); l++) {
      all = Matrices.flatten(new double[][] {all, EngineTest.toDouble(h0.layer(l)[0])});
    }
    return all;
  }

  private static Links links(Outcome outcome, boolean shared) {
    int steps = outcome.xi().length;
    int lanes = shared ? 1 : outcome.xi()[0].length;
    float[] xi = new float[steps * lanes];
    for (int i = 0; i < xi.length; i++) {
      xi[i] = (float) outcome.xi()[i / lanes][i % lanes];
    }
    return shared ? Links.shared(xi) : Links.perLane(xi, lanes);
  }

  /** Every drawn xi is an outcome of the enumeration, and comes as often as it should. */
  @ParameterizedTest
  @EnumSource(Drawing.class)
  void drawsFollowTheEnumeration(Drawing drawing) {
    int steps = drawing == Drawing.SHARED ? 6 : 4;
    int lanes = 2;
    for (KeepProbability keep : SCHEDULES) {
      // The enumeration by strata is of schedules that do not depend on the step.
      boolean anywhere = keep.at(1, 1) == keep.at(2, 1);
      if (drawing != Drawing.STRATIFIED || anywhere) {
        assertDrawn(keep, drawing, steps, lanes);
      }
    }
  }

  private static void assertDrawn(KeepProbability keep, Drawing drawing, int steps, int lanes) {
    List<Outcome> outcomes =
        switch (drawing) {
          case SHARED -> RandomTruncation.shared(steps, lanes, keep::at);
          case PER_LANE -> RandomTruncation.perLane(steps, lanes, keep::at);
          case STRATIFIED -> StratifiedOutcomes.of(keep, steps, lanes);
        };
    Map<List<Float>, Integer> counts = new HashMap<>();
    for (int seed = 0; seed < DRAWS; seed++) {
      counts.merge(draw(keep, drawing, steps, lanes, seed), 1, Integer::sum);
    }
    int known = 0;
    for (Outcome outcome : outcomes) {
      Links links = links(outcome, drawing == Drawing.SHARED);
      int found = counts.getOrDefault(list(links), 0);
      known += found;
      double p = outcome.probability();
      double standardError = Math.sqrt(p * (1 - p) / DRAWS);
      assertThat((double) found / DRAWS).isCloseTo(p, within(5 * standardError));
    }
    assertThat(known).isEqualTo(DRAWS);
  }

  private static List<Float> draw(
      KeepProbability keep, Drawing drawing, int steps, int lanes, long seed) {
    Coupling coupling = new Coupling.Randomised(keep, 4, drawing);
    return list(coupling.couple(steps, lanes, Randomness.of(seed)).links());
  }

  private static List<Float> list(Links links) {
    Float[] boxed = new Float[links.toArray().length];
    Arrays.setAll(boxed, i -> links.toArray()[i]);
    return List.of(boxed);
  }

  @Test
  void aDrawDependsOnSeedAndUpdateAlone() {
    Coupling shared = Coupling.random(3);
    Coupling perLane = new Coupling.Randomised(KeepProbability.geometric(3), 3, true);
    Randomness updates = Randomness.of(5).with("coupling");
    List<Float> third = list(shared.couple(40, 4, updates.with(3)).links());
    shared.couple(40, 4, updates.with(1));
    assertThat(list(shared.couple(40, 4, updates.with(3)).links())).isEqualTo(third);
    assertThat(list(shared.couple(40, 4, updates.with(4)).links())).isNotEqualTo(third);
    assertThat(list(shared.couple(40, 4, Randomness.of(6).with("coupling").with(3)).links()))
        .isNotEqualTo(third);
    // Neither the length of the window nor the number of lanes moves what is drawn.
    assertThat(list(shared.couple(25, 9, updates.with(3)).links())).isEqualTo(third.subList(0, 25));
    Links few = perLane.couple(25, 2, updates.with(3)).links();
    Links many = perLane.couple(40, 5, updates.with(3)).links();
    for (int t = 0; t < 25; t++) {
      assertThat(new float[] {few.at(t, 0), few.at(t, 1)})
          .containsExactly(many.at(t, 0), many.at(t, 1));
    }
  }

  @Test
  void schedulesWithoutAnExpectationAreRefused() {
    assertThatThrownBy(() -> KeepProbability.perStep(1, 0.5, 0))
        .hasMessage(
            "pi at step 2 is 0 but has to be in (0, 1]: a link that is never kept has no 1/pi,"
                + " and the expectation is lost");
    assertThatThrownBy(() -> KeepProbability.perStep(1, 1.5))
        .hasMessage("pi at step 1 is 1.5 but has to be in (0, 1]");
    assertThatThrownBy(() -> KeepProbability.perStep(1, -0.5))
        .hasMessage("pi at step 1 is -0.5 but has to be in (0, 1]");
    assertThatThrownBy(() -> KeepProbability.perStep(1, Double.NaN))
        .hasMessage("pi at step 1 is NaN but has to be in (0, 1]");
    // 1/pi would be infinite in float.
    assertThatThrownBy(() -> KeepProbability.perStep(1, 1e-40))
        .hasMessage(
            "pi at step 1 is 1.0E-40 but has to be in (0, 1] and so large that 1/pi is a float");
    // pi[0] stands on no link.
    assertThat(KeepProbability.perStep(0, 0.5).at(1, 1)).isEqualTo(0.5);
    assertThatThrownBy(() -> draw(KeepProbability.perStep(1, 0.5), Drawing.SHARED, 3, 1, 1))
        .hasMessage("the schedule has 2 probabilities but step 2 needs one");
    assertThatThrownBy(() -> draw((step, sinceCut) -> step - 1, Drawing.SHARED, 3, 1, 1))
        .hasMessageStartingWith("pi at step 1 is 0 but has to be in (0, 1]");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0, -3, Double.NaN, Double.POSITIVE_INFINITY})
  void aMeanLengthOfOneOrLessIsRefused(double mean) {
    assertThatThrownBy(() -> Coupling.random(mean))
        .hasMessageStartingWith("the mean length is ")
        .hasMessageEndingWith(
            " but has to be more than 1 step: a link is kept with probability pi = 1 - 1/mean, and"
                + " pi = 0 has no 1/pi. Use fixed:1 to keep no link at all");
    assertThatThrownBy(() -> new Coupling.Randomised(KeepProbability.geometric(3), mean, false))
        .hasMessage("the mean length is " + mean + " but has to be more than 1 step and finite");
  }
}
