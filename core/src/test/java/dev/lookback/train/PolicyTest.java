package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Lstm;
import dev.lookback.data.Epoch;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.TaskStream;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.data.task.Adding;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.gradient.PolicyNotation;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.optim.Sgd;
import dev.lookback.optim.Updater;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
  private static final Team TEAM = Team.of(1);
  private static final int SYMBOLS = 5;

  /** So slow that the weights, and with them the decay, stay as they are. */
  private static final double STILL = 1e-30;

  @AfterAll
  static void close() {
    TEAM.close();
  }

  /** h = c h' + x and o = (0, h): every lane's last loss sends the same number back. */
  private static final Network SCALAR =
      Network.of(
          new Elman(2, 1, Activation.IDENTITY, Biases.NONE), Readout.softmax(2).withoutBias());

  private static Weights decaying(double c) {
    Weights weights = Weights.zeros(SCALAR.layout());
    put(weights, "rnn.weight_ih_l0", 0, 0.1f);
    put(weights, "rnn.weight_hh_l0", 0, (float) c);
    put(weights, "decoder.weight", 1, 1);
    return weights;
  }

  private static void put(Weights weights, String tensor, int at, float value) {
    weights.values()[weights.layout().get(tensor).offset() + at] = value;
  }

  /** The same symbol for ever: whatever the stretch, its gradients are these. */
  private static Lanes monotone(int steps) {
    return Lanes.of(Tokens.of(new int[6000]), 3, steps);
  }

  private static Trainer still(String policy) {
    return Trainer.of(SCALAR, PolicyNotation.parse(policy), Sgd.of(STILL));
  }

  /** RelErr(K) = c^K / (1 - 2 c^lags), see AdaptiveTruncationTest. */
  @ParameterizedTest
  @CsvSource({"0.5,0.1", "0.8,0.1", "0.8,0.01", "0.9,0.5", "0.2,0.9"})
  void aKnownDecayHasTheChoiceOfItsClosedForm(double c, double delta) {
    int most = 60;
    Training training = still("adaptive:" + delta).start(decaying(c), monotone(most), TEAM);
    CouplingChoice choice = training.choices().get(0);
    double rest = 1 - 2 * Math.pow(c, 2 * most + 1);
    int k = Math.max(2, (int) Math.floor(Math.log(delta * rest) / Math.log(c)) + 1);
    assertThat(choice.decay()).isCloseTo(c, within(1e-4));
    assertThat(choice.steps()).isEqualTo(k);
    assertThat(choice.bound()).isCloseTo(Math.pow(c, k) / rest, within(1e-3));
    assertThat(choice.kept()).isTrue();
    assertThat(training.coupling()).isEqualTo(Coupling.everyLossAtLeast(k));
  }

  @Test
  void whereNoLengthKeepsToTheToleranceTheLongestIsTaken() {
    CouplingChoice choice =
        still("adaptive:0.1,max=20").start(decaying(0.98), monotone(60), TEAM).choices().get(0);
    assertThat(choice.steps()).isEqualTo(20);
    assertThat(choice.kept()).isFalse();
    assertThat(choice.why()).contains("no length up to 20");
  }

  @Test
  void aRouletteFollowsTheDecay() {
    Training training = still("random:measured").start(decaying(0.8), monotone(60), TEAM);
    assertThat(training.coupling()).isInstanceOf(Coupling.Randomised.class);
    assertThat(((Coupling.Randomised) training.coupling()).mean()).isCloseTo(5, within(1e-2));
    // What does not decay at all gets a finite mean.
    Training never = still("random:measured").start(decaying(1), monotone(60), TEAM);
    assertThat(((Coupling.Randomised) never.coupling()).mean()).isBetween(60.0, 1000.0);
    assertThat(never.choices().get(0).kept()).isFalse();
  }

  @Test
  void autoTakesTheExactGradientWhereItIsAsGood() {
    // The windows' mean bound is about c / (1 - c) / T.
    Training far = still("auto").start(decaying(0.5), monotone(60), TEAM);
    assertThat(far.coupling()).isEqualTo(Coupling.full());
    assertThat(far.choices().get(0).bound()).isCloseTo(1.0 / 60, within(1e-3));
    Training near = still("auto").start(decaying(0.5), monotone(8), TEAM);
    assertThat(near.coupling()).isEqualTo(Coupling.everyLossAtLeast(4));
    assertThat(near.choices().get(0).why()).contains("windows of 8 steps does not keep");
    // Where windows begin afresh theirs is the gradient.
    Windows windows = Windows.of(Tokens.of(new int[500]), 8, 3);
    Training afresh = still("auto").with(StatePolicy.RESET).start(decaying(0.5), windows, TEAM);
    assertThat(afresh.coupling()).isEqualTo(Coupling.full());
    assertThat(afresh.choices().get(0).bound()).isZero();
  }

  @Test
  void itMeasuresAgainAsUpdatesAndEpochsGoBy() {
    // 6000 / 3 / 20 = 99 updates an epoch.
    Training training = still("adaptive:0.1").start(decaying(0.8), monotone(20), TEAM);
    training.updates().limit(310).forEach(update -> {});
    assertThat(training.choices())
        .extracting(CouplingChoice::update)
        .containsExactly(1L, 100L, 199L, 298L);
    Lanes one = Lanes.of(Tokens.of(new int[6000]), 1, 20);
    Training longer = still("adaptive:0.1").start(decaying(0.8), one, TEAM);
    longer.updates().limit(310).forEach(update -> {});
    assertThat(longer.choices()).extracting(CouplingChoice::update).containsExactly(1L, 201L, 300L);
  }

  private static Tokens text(int length) {
    return RandomText.of(SYMBOLS, length);
  }

  private static final Network DROPPING =
      new Network(
          List.of(Lstm.of(SYMBOLS, 6), Lstm.of(6, 6)),
          Readout.softmax(SYMBOLS),
          Optional.empty(),
          0.3);

  private static Training learning(
      CouplingPolicy policy, Stride stride, Sampling sampling, Team team) {
    return Trainer.of(DROPPING, policy, Sgd.of(0.5))
        .with(stride)
        .withSeed(9)
        .start(DROPPING.initialize(Initialization.orthogonal(), 2), sampling, team);
  }

  private static float[] after(int updates, Training training) {
    training.updates().limit(updates).forEach(update -> {});
    return training.weights().values();
  }

  /** Measuring leaves no trace: not in the data's order, the state, or what is dropped. */
  @ParameterizedTest
  @CsvSource({"WINDOW", "OWN"})
  void aChoiceThatNeverChangesTrainsAsItsCouplingDoes(Stride stride) {
    Lanes lanes = Lanes.of(text(1500), 4, 7).withOffsets(Randomness.of(1));
    Training policy =
        learning(PolicyNotation.parse("adaptive:0.5,min=4,max=4"), stride, lanes, TEAM);
    Training coupling = learning(Coupling.everyLossAtLeast(4), stride, lanes, TEAM);
    assertThat(after(130, policy)).isEqualTo(after(130, coupling));
    assertThat(policy.choices()).hasSizeGreaterThan(1);
    assertThat(coupling.choices()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adaptive:0.5,max=9|OWN",
        "adaptive:0.9|WINDOW",
        "random:measured|OWN",
        "auto|OWN",
        "auto|WINDOW"
      })
  void choicesAndWeightsAreTheSameWhateverTheThreads(String policy, Stride stride) {
    Lanes lanes = Lanes.of(text(1500), 4, 12).withOffsets(Randomness.of(1));
    try (Team three = Team.of(3)) {
      Training one = learning(PolicyNotation.parse(policy), stride, lanes, TEAM);
      Training other = learning(PolicyNotation.parse(policy), stride, lanes, three);
      assertThat(after(80, one)).isEqualTo(after(80, other));
      assertThat(one.choices()).isEqualTo(other.choices());
    }
  }

  @Test
  void everyEpochEndsWhereItSaysThoughTheLengthChanges() {
    // Learning moves the decay, and the length with it.
    Lanes lanes = Lanes.of(text(1500), 4, 40);
    Training training =
        learning(PolicyNotation.parse("adaptive:0.5,min=1"), Stride.OWN, lanes, TEAM);
    long epoch = 0;
    boolean ended = false;
    for (Update update : training.updates().limit(500).toList()) {
      epoch += ended ? 1 : 0;
      assertThat(update.epoch()).isEqualTo(epoch);
      ended = update.lastOfEpoch();
    }
    assertThat(epoch).isGreaterThan(1);
  }

  @Test
  void whatIsChosenFitsTheMemory() {
    Lanes lanes = Lanes.of(text(3000), 8, 100);
    CouplingPolicy policy = PolicyNotation.parse("adaptive:0.0001,min=90,max=100");
    Weights weights = DROPPING.initialize(Initialization.orthogonal(), 2);
    long free = peak(Coupling.everyLossAtLeast(90), Memory.unlimited(), weights, lanes);
    long budget = free / 2;
    assertThat(peak(policy, Memory.within(budget), weights, lanes)).isLessThanOrEqualTo(budget);
    Training training = inside(policy, Memory.within(budget), weights, lanes);
    CouplingChoice choice = training.choices().get(0);
    assertThat(choice.kept()).isFalse();
    assertThat(choice.steps()).isBetween(2, 89);
    assertThat(choice.why()).contains("no more than " + choice.steps() + " fit the memory");
    assertThatThrownBy(() -> inside(policy, Memory.within(1000), weights, lanes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Use more memory");
  }

  private static Training inside(
      CouplingPolicy policy, Memory memory, Weights weights, Sampling sampling) {
    return Trainer.of(DROPPING, Bptt.of(policy).within(memory), Sgd.of(STILL))
        .with(Stride.OWN)
        .start(weights, sampling, TEAM);
  }

  private static long peak(
      CouplingPolicy policy, Memory memory, Weights weights, Sampling sampling) {
    Training training = inside(policy, memory, weights, sampling);
    training.updates().limit(12).forEach(update -> {});
    return training.peakActivationBytes();
  }

  @Test
  void tasksOfWholeSequencesAreMeasuredOnWholeSequences() {
    TaskStream stream = TaskStream.of(new Adding(10), 4, 20, 400, Randomness.of(3));
    Network network = Network.of(Elman.of(2, 7), Readout.linear(1));
    Weights weights = network.initialize(Initialization.orthogonal(), 2);
    Trainer trainer = Trainer.of(network, PolicyNotation.parse("adaptive:0.5"), Sgd.of(0.01));
    Training training = trainer.start(weights, stream, TEAM);
    training.updates().limit(30).forEach(update -> {});
    assertThat(training.choices().get(0).steps()).isBetween(2, 20);
    assertThatThrownBy(() -> trainer.with(Stride.OWN).start(weights, stream, TEAM))
        .hasMessageContaining("counts only the last step");
  }

  @Test
  void atChangingCutsTheStateIsCarried() {
    assertThatThrownBy(() -> still("auto").with(Stride.OWN).with(StatePolicy.RESET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs the state carried");
  }

  // With a budget, other lengths may need other blocks, and whoever takes other blocks begins anew.
  @Test
  void aChangeOfLengthWithinAnEpochDoesNotDependOnTheMemory() {
    Lanes lanes = Lanes.of(text(9000), 3, 6);
    CouplingPolicy policy = PolicyNotation.parse("adaptive:0.5,min=1,max=40");
    Training free = changing(policy, Memory.unlimited(), lanes);
    float[] expected = after(206, free);
    List<Coupling> lengths = free.choices().stream().map(CouplingChoice::coupling).toList();
    assertThat(lengths).hasSize(2).doesNotHaveDuplicates();
    int alike = 0;
    for (int kib = 32; kib < 240; kib += 16) {
      Training inside = changing(policy, Memory.within(kib * 1024L), lanes);
      float[] found = after(206, inside);
      if (inside.choices().stream().map(CouplingChoice::coupling).toList().equals(lengths)) {
        alike++;
        assertThat(found).as("%d KiB", kib).containsExactly(expected, within(1e-4f));
      }
    }
    assertThat(alike).isGreaterThan(5);
  }

  // Where the length changes, the windows to come go on from a state without a past.
  @Test
  void aChangeOfLengthForgetsWhatLiesBehind() {
    Lanes lanes = Lanes.of(text(9000), 3, 6);
    CouplingPolicy policy = PolicyNotation.parse("adaptive:0.5,min=1,max=40");
    Training training = changing(policy, Memory.unlimited(), lanes);
    float[] found = after(206, training);
    List<CouplingChoice> choices = training.choices();
    assertThat(choices).extracting(CouplingChoice::update).containsExactly(1L, 201L);

    Weights weights = DROPPING.initialize(Initialization.orthogonal(), 2);
    Weights gradient = Weights.zeros(weights.layout());
    Updater updater = Sgd.of(0.5).start(weights.layout());
    Pass pass = new Pass(DROPPING, 3, TEAM);
    State state = State.zeros(DROPPING, 3);
    Epoch epoch = lanes.epoch(0);
    for (int i = 0; i < 206; i++) {
      if (i == 200) {
        pass.forget();
      }
      Coupling.Sliding sliding = (Coupling.Sliding) choices.get(i < 200 ? 0 : 1).coupling();
      pass.drop(Optional.of(Randomness.of(9).with("dropout").with(i)));
      pass.slide(weights, epoch.next(), sliding, state, gradient, false);
      updater.step(weights, gradient);
    }
    assertThat(found).isEqualTo(weights.values());
  }

  private static Training changing(CouplingPolicy policy, Memory memory, Sampling sampling) {
    return Trainer.of(DROPPING, Bptt.of(policy).within(memory), Sgd.of(0.5))
        .withSeed(9)
        .start(DROPPING.initialize(Initialization.orthogonal(), 2), sampling, TEAM);
  }
}
