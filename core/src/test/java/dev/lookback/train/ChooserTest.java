package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Lstm;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.TaskStream;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.data.task.Tasks;
import dev.lookback.gradient.AdaptiveTruncation;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.gradient.Footprint;
import dev.lookback.gradient.LagGradients;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.gradient.PolicyNotation;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Sgd;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a policy measures, over how many lags, and what it takes its choice for. */
class ChooserTest {
  private static final Team TEAM = Team.of(1);

  // h = c h' + x and o = (0, h): each lag's norm is c times the one before it.
  private static final Network SCALAR =
      Network.of(
          new Elman(2, 1, Activation.IDENTITY, Biases.NONE), Readout.softmax(2).withoutBias());

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Weights decaying(double c) {
    Weights weights = Weights.zeros(SCALAR.layout());
    weights.values()[weights.layout().get("rnn.weight_ih_l0").offset()] = 0.1f;
    weights.values()[weights.layout().get("rnn.weight_hh_l0").offset()] = (float) c;
    weights.values()[weights.layout().get("decoder.weight").offset() + 1] = 1;
    return weights;
  }

  private static Lanes monotone(int tokens, int lanes, int steps) {
    return Lanes.of(Tokens.of(new int[tokens]), lanes, steps);
  }

  private static Trainer trainer(String policy) {
    return Trainer.of(SCALAR, PolicyNotation.parse(policy), Sgd.of(1e-30));
  }

  private static Chooser chooser(Trainer trainer, Sampling sampling) {
    return new Chooser(trainer, (CouplingPolicy.Measured) trainer.policy(), sampling, TEAM);
  }

  // By what it took: the activations of a way back over so many steps, in blocks of one.
  private static long bytes(Network network, int lanes, int lags) {
    return Footprint.of(network, lanes, 1, network.learnsState()).peak(lags, Memory.unlimited());
  }

  private static void requireLags(Chooser chooser, Weights weights, int lanes, int lags) {
    chooser.choose(weights, 0);
    assertThat(chooser.peakBytes()).isEqualTo(bytes(SCALAR, lanes, lags));
  }

  private static Chooser after(Chooser chooser, int lastSteps) {
    Snapshot.Writer to = Snapshot.writer();
    to.put("measured_at", 0L).put("last_steps", lastSteps).put("peak", 0L);
    chooser.restore(to.done());
    return chooser;
  }

  @ParameterizedTest
  @CsvSource({
    // At first twice the longest that may be chosen: a window, or what is said.
    "adaptive:0.1, 30, 0, 60",
    "adaptive:0.1;max=17, 30, 0, 34",
    "adaptive:0.1;max=45, 30, 0, 90",
    "auto, 30, 0, 60",
    "random:measured, 30, 0, 60",
    // Later four times the last, but 50 at least.
    "adaptive:0.1, 100, 20, 80",
    "adaptive:0.1, 100, 5, 50",
    "adaptive:0.1, 100, 49, 196",
    "adaptive:0.1, 100, 60, 200"
  })
  void asManyLagsAreMeasuredAsTheChoiceMayNeed(String policy, int steps, int last, int lags) {
    Chooser chooser = chooser(trainer(policy.replace(';', ',')), monotone(6000, 3, steps));
    requireLags(last > 0 ? after(chooser, last) : chooser, decaying(0.5), 3, lags);
  }

  @Test
  void windowsThatBeginAfreshHaveTheirOwnLagsOnly() {
    Trainer reset = trainer("adaptive:0.1,max=500").with(StatePolicy.RESET);
    requireLags(chooser(reset, monotone(6000, 3, 30)), decaying(0.5), 3, 30);
    Windows windows = Windows.of(Tokens.of(new int[500]), 8, 3);
    requireLags(chooser(reset, windows), decaying(0.5), 3, 8);
  }

  @Test
  void atItsOwnCutsNoLengthIsLongerThanALane() {
    // (91 - 1) / 3 = 30 steps; half of the text's 90 are there where a warm-up comes first.
    Trainer own = trainer("adaptive:0.1,max=500").with(Stride.OWN);
    Chooser chooser = chooser(own, monotone(91, 3, 4));
    CouplingChoice choice = chooser.choose(decaying(0.999), 0);
    assertThat(choice.steps()).isEqualTo(30);
    assertThat(chooser.peakBytes()).isEqualTo(bytes(SCALAR, 3, 45));
    // After every window it may be longer than one, though not than what is said.
    Chooser window = chooser(trainer("adaptive:0.1,max=500"), monotone(91, 3, 4));
    assertThat(window.choose(decaying(0.999), 0).steps()).isEqualTo(500);
  }

  @Test
  void aStreamsLaneIsAsLongAsItsEpoch() {
    TaskStream stream = TaskStream.of(Tasks.parse("add-stream"), 4, 5, 40, Randomness.of(3));
    Network network =
        Network.of(
            Elman.of(stream.task().form().inputs(), 2),
            Readout.softmax(stream.task().form().outputs()));
    assertThat(stream.laneSteps()).isGreaterThan(5);
    Trainer own =
        Trainer.of(network, PolicyNotation.parse("adaptive:0.5,min=500,max=500"), Sgd.of(0.1))
            .with(Stride.OWN);
    Weights weights = network.initialize(Initialization.orthogonal(), 2);
    assertThat(chooser(own, stream).choose(weights, 0).steps()).isEqualTo((int) stream.laneSteps());
  }

  @Test
  void whatWasSavedIsWhatGoesOn() {
    Trainer trainer = trainer("adaptive:0.1");
    Chooser first = chooser(trainer, monotone(6000, 3, 100));
    first.choose(decaying(0.9), 7);
    Snapshot.Writer to = Snapshot.writer();
    first.save(to);
    Chooser second = chooser(trainer, monotone(6000, 3, 100));
    assertThat(second.due(7, false)).isTrue();
    second.restore(to.done());
    assertThat(second.due(7, true)).isFalse();
    assertThat(second.due(206, false)).isFalse();
    assertThat(second.due(207, false)).isTrue();
    assertThat(second.due(56, true)).isFalse();
    assertThat(second.due(57, true)).isTrue();
    assertThat(second.due(57, false)).isFalse();
    assertThat(second.peakBytes()).isEqualTo(bytes(SCALAR, 3, 200));
    assertThat(second.choose(decaying(0.9), 300)).isEqualTo(first.choose(decaying(0.9), 300));
  }

  @Test
  void theChoiceIsForTheUpdateBehindThoseMade() {
    Chooser chooser = chooser(trainer("adaptive:0.1"), monotone(6000, 3, 20));
    assertThat(chooser.choose(decaying(0.5), 41).update()).isEqualTo(42);
  }

  @Test
  void aWindowThatBeginsAfreshIsExactWhereAllOfItIsLookedBackOver() {
    Trainer reset = trainer("adaptive:0.1,min=8,max=50").with(StatePolicy.RESET);
    CouplingChoice exact =
        chooser(reset, Windows.of(Tokens.of(new int[500]), 8, 3)).choose(decaying(0.99), 0);
    assertThat(exact.steps()).isEqualTo(8);
    assertThat(exact.bound()).isZero();
    assertThat(exact.kept()).isTrue();
    assertThat(exact.why()).contains("begin afresh and have no more, so that this is exact");
    // Of one that is longer, eight steps are not all.
    CouplingChoice part =
        chooser(reset, Windows.of(Tokens.of(new int[500]), 9, 3)).choose(decaying(0.5), 0);
    assertThat(part.steps()).isEqualTo(8);
    assertThat(part.bound()).isCloseTo(Math.pow(0.5, 8), within(1e-3)).isPositive();
    assertThat(part.why()).contains("the shortest whose bias is estimated to stay below 0.1");
    // And where the state is carried, there is more behind any window.
    CouplingChoice carried =
        chooser(trainer("adaptive:0.9,min=8,max=50"), monotone(6000, 3, 8))
            .choose(decaying(0.5), 0);
    assertThat(carried.bound()).isPositive();
  }

  // Brute force: the longest whose training keeps to three quarters of the memory, a quarter being
  // for the measuring.
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void theLongestThatFitsTheMemoryIsTaken(boolean carries) {
    Network network = Network.of(Lstm.of(2, 6), Readout.softmax(2));
    Sampling sampling =
        carries ? monotone(3000, 8, 100) : Windows.of(Tokens.of(new int[3000]), 100, 8);
    StatePolicy state = carries ? StatePolicy.CARRY : StatePolicy.RESET;
    long budget = 4 * Footprint.of(network, 8, 1, false).peak(40, Memory.unlimited()) / 3;
    Trainer measuring =
        Trainer.of(
                network,
                Bptt.of(PolicyNotation.parse("adaptive:1e-9,min=90,max=100"))
                    .within(Memory.within(budget)),
                Sgd.of(1e-30))
            .with(state);
    Weights weights = network.initialize(Initialization.orthogonal(), 2);
    CouplingChoice choice = chooser(measuring, sampling).choose(weights, 0);
    assertThat(choice.kept()).isFalse();
    assertThat(choice.why()).contains("no more than " + choice.steps() + " fit the memory");
    Memory rest = Memory.within(budget - budget / 4);
    assertThat(fits(network, state, choice.steps(), rest, sampling)).isTrue();
    assertThat(fits(network, state, choice.steps() + 1, rest, sampling)).isFalse();
  }

  private static boolean fits(
      Network network, StatePolicy state, int k, Memory memory, Sampling sampling) {
    int longest = state == StatePolicy.CARRY ? 2 * k - 1 : Math.min(2 * k - 1, sampling.steps());
    return Footprint.sliding(network, sampling.lanes(), longest, memory, false).isPresent()
        && Trainer.of(network, Coupling.everyLossAtLeast(k), Sgd.of(1e-30))
                .with(state)
                .smallestMemory(sampling)
            <= memory.bytes();
  }

  @Test
  void autoSaysWhatEitherWayWouldCost() {
    // Two steps forward for each step back: full 3, every-loss-at-least:4 goes back over 7 of 4.
    CouplingChoice full = chooser(trainer("auto"), monotone(6000, 3, 60)).choose(decaying(0.5), 0);
    assertThat(full.coupling()).isEqualTo(Coupling.full());
    assertThat(full.why()).contains("costs 3.0 forward steps for each where", " costs 4.5");
    Trainer own = trainer("auto").with(Stride.OWN);
    CouplingChoice atOwn = chooser(own, monotone(6000, 3, 60)).choose(decaying(0.5), 0);
    assertThat(atOwn.why()).contains(" costs 4.5");
    Windows windows = Windows.of(Tokens.of(new int[6000]), 60, 3);
    CouplingChoice afresh =
        chooser(trainer("auto").with(StatePolicy.RESET), windows).choose(decaying(0.5), 0);
    assertThat(afresh.why()).contains(" costs 4.4");
  }

  @Test
  void aRouletteSaysWhetherTheGradientDecays() {
    Chooser chooser = chooser(trainer("random:measured"), monotone(6000, 3, 50));
    // What decays by less than 1 / (2 T) is taken for 0.99 here: 1 / (1 - 0.99^1.5) steps.
    CouplingChoice slow = chooser.choose(decaying(0.9995), 0);
    assertThat(slow.kept()).isFalse();
    assertThat(slow.why()).contains("hardly or not at all: 66.8 steps on average");
    CouplingChoice fast = chooser.choose(decaying(0.75), 0);
    assertThat(fast.kept()).isTrue();
    assertThat(fast.why()).contains("lags survive accordingly: 4.0 steps on average");
    assertThat(fast.steps()).isEqualTo(4);
    assertThat(fast.decay()).isCloseTo(0.75, within(1e-4));
  }

  @Test
  void whereItLooksIsDrawnByTheSeedAndTheUpdate() {
    Lanes lanes = Lanes.of(RandomText.of(2, 500), 3, 20);
    Network network = Network.of(Elman.of(2, 4), Readout.softmax(2));
    Weights weights = network.initialize(Initialization.orthogonal(), 2);
    Trainer trainer = Trainer.of(network, PolicyNotation.parse("adaptive:0.1"), Sgd.of(0.1));
    double first = chooser(trainer, lanes).choose(weights, 0).decay();
    assertThat(chooser(trainer, lanes).choose(weights, 0).decay()).isEqualTo(first);
    assertThat(chooser(trainer, lanes).choose(weights, 1).decay()).isNotEqualTo(first);
    assertThat(chooser(trainer.withSeed(2), lanes).choose(weights, 0).decay()).isNotEqualTo(first);
    // No other draw of the training is made by that purpose.
    LagMeasurement measurement =
        new LagMeasurement(
            network, lanes, true, Memory.unlimited(), () -> Pass.lossOf(network.readout()), TEAM);
    Randomness measuring = Randomness.of(1).with("measuring").with(0);
    LagGradients lags = measurement.of(weights, 40, measuring).lags();
    int tau = AdaptiveTruncation.tauFor(lags.phi().length);
    assertThat(AdaptiveTruncation.of(lags, tau).decay()).isEqualTo(first);
  }
}
