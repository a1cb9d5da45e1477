package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Elman;
import dev.lookback.data.Epoch;
import dev.lookback.data.LaneCursor;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.gradient.KeepProbability;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.optim.Adam;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.optim.Sgd;
import dev.lookback.optim.Updater;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
  private static final Team TEAM = Team.of(1);
  private static final int SYMBOLS = 5;
  private static final Network NETWORK = Network.of(Elman.of(SYMBOLS, 9), Readout.softmax(SYMBOLS));

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Tokens text(int length) {
    return RandomText.of(SYMBOLS, length);
  }

  private static Weights fresh() {
    return NETWORK.initialize(Initialization.orthogonal(), 2);
  }

  private static Trainer trainer(Coupling coupling) {
    return Trainer.of(NETWORK, coupling, Sgd.of(0.3).after(ClipByNorm.of(1)));
  }

  private static float[] after(int updates, Trainer trainer, Sampling sampling, Team team) {
    Training training = trainer.start(fresh(), sampling, team);
    training.updates().limit(updates).forEach(update -> {});
    return training.weights().values();
  }

  /** The loop written out: what carry and reset, the divisor and the draws mean. */
  private static float[] byHand(int updates, Trainer trainer, Sampling sampling) {
    Weights weights = fresh();
    Weights gradient = Weights.zeros(weights.layout());
    Updater updater = trainer.optimizer().start(weights.layout());
    Pass pass = new Pass(NETWORK, sampling.lanes(), TEAM);
    State state = State.zeros(NETWORK, sampling.lanes());
    Epoch epoch = sampling.epoch(0);
    int epochs = 1;
    for (int i = 0; i < updates; i++) {
      if (!epoch.hasNext()) {
        epoch = sampling.epoch(epochs++);
        state.clear();
      }
      Window window = epoch.next();
      if (trainer.state() == StatePolicy.RESET) {
        state.clear();
      }
      Randomness draw = Randomness.of(trainer.seed()).with("coupling").with(i);
      pass.run(
          weights,
          window,
          ((Coupling) trainer.policy()).couple(window.steps(), window.lanes(), draw),
          state,
          gradient);
      updater.step(weights, gradient);
    }
    return weights.values();
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "fixed:3", "random:4", "random:4,per-lane"})
  void isTheLoopWrittenOut(String coupling) {
    Sampling lanes = Lanes.of(text(300), 4, 10).withOffsets(Randomness.of(1));
    Trainer carry = trainer(CouplingNotation.parse(coupling));
    Trainer reset = carry.with(StatePolicy.RESET);
    // Seven windows in an epoch: twenty updates see the state start afresh twice.
    assertThat(after(20, carry, lanes, TEAM)).isEqualTo(byHand(20, carry, lanes));
    assertThat(after(20, reset, lanes, TEAM)).isEqualTo(byHand(20, reset, lanes));
    assertThat(after(20, reset, lanes, TEAM)).isNotEqualTo(after(20, carry, lanes, TEAM));
  }

  /** Sliding truncation written out: windows of k1 steps that go on behind each other. */
  private static float[] slidByHand(int updates, Trainer trainer, Lanes lanes) {
    Coupling.Sliding sliding = (Coupling.Sliding) trainer.policy();
    Weights weights = fresh();
    Weights gradient = Weights.zeros(weights.layout());
    Updater updater = trainer.optimizer().start(weights.layout());
    Pass pass = new Pass(NETWORK, lanes.lanes(), TEAM);
    State state = State.zeros(NETWORK, lanes.lanes());
    LaneCursor epoch = lanes.epoch(0);
    int epochs = 1;
    boolean refresh = trainer.method().refresh();
    for (int i = 0; i < updates; i++) {
      if (!epoch.hasNext(sliding.k1())) {
        epoch = lanes.epoch(epochs++);
        state.clear();
        pass.forget();
      }
      pass.slide(weights, epoch.next(sliding.k1()), sliding, state, gradient, refresh);
      updater.step(weights, gradient);
    }
    return weights.values();
  }

  @Test
  void slidingGoesOnThroughWindowsWhereTheStateDoes() {
    Lanes lanes = Lanes.of(text(300), 4, 3);
    Trainer own = trainer(Coupling.sliding(3, 11)).with(Stride.OWN);
    // Twenty-four windows in an epoch: forty updates see the stream begin again.
    assertThat(after(40, own, lanes, TEAM)).isEqualTo(slidByHand(40, own, lanes));
    Trainer refreshed =
        Trainer.of(NETWORK, own.method().refreshing(), own.optimizer()).with(Stride.OWN);
    assertThat(after(40, refreshed, lanes, TEAM)).isEqualTo(slidByHand(40, refreshed, lanes));
    assertThat(after(40, refreshed, lanes, TEAM)).isNotEqualTo(after(40, own, lanes, TEAM));
    // Where the state is reset at a window's start there is nothing behind it.
    Sampling tens = Lanes.of(text(300), 4, 10);
    Trainer reset = trainer(Coupling.sliding(3, 11)).with(StatePolicy.RESET);
    assertThat(after(9, reset, tens, TEAM)).isEqualTo(byHand(9, reset, tens));
  }

  // A rate so small that the weights stay: the losses are those of the masks alone.
  @Test
  void everyUpdateDropsAnew() {
    Network network =
        new Network(List.of(Elman.of(SYMBOLS, 9), Elman.of(9, 9)), Readout.softmax(SYMBOLS))
            .withDropout(0.5);
    Weights weights = network.initialize(Initialization.orthogonal(), 2);
    Trainer trainer =
        Trainer.of(network, Coupling.full(), Sgd.of(1e-30)).with(StatePolicy.RESET).withSeed(6);
    Lanes lanes = Lanes.of(text(300), 4, 10);
    Training training = trainer.start(weights.copy(), lanes, TEAM);
    Pass pass = new Pass(network, 4, TEAM);
    LaneCursor epoch = lanes.epoch(0);
    for (int i = 0; i < 7; i++) {
      Window window = epoch.next();
      pass.drop(Optional.of(Randomness.of(6).with("dropout").with(i)));
      double loss =
          pass.run(
                  weights,
                  window,
                  Coupling.full().couple(10, 4, Randomness.of(0)),
                  State.zeros(network, 4),
                  Weights.zeros(network.layout()))
              .loss();
      assertThat(training.next().loss()).isEqualTo(loss);
    }
  }

  @Test
  void theSeedDecidesAndNothingElse() {
    Sampling lanes = Lanes.of(text(300), 4, 10);
    Trainer random = trainer(Coupling.random(4));
    float[] first = after(15, random, lanes, TEAM);
    assertThat(after(15, random, lanes, TEAM)).isEqualTo(first);
    assertThat(after(15, random.withSeed(2), lanes, TEAM)).isNotEqualTo(first);
  }

  @Test
  void oneThreadIsFourToTheBit() {
    Network wide = Network.of(Elman.of(SYMBOLS, 96), Readout.softmax(SYMBOLS));
    Sampling lanes = Lanes.of(text(2000), 24, 20).withOffsets(Randomness.of(1));
    for (Coupling coupling : List.of(Coupling.fixed(7), Coupling.random(5))) {
      List<float[]> results = new ArrayList<>();
      for (int threads : new int[] {1, 4}) {
        try (Team team = Team.of(threads)) {
          Training training =
              Trainer.of(wide, coupling, Adam.standard().after(ClipByNorm.of(1)))
                  .start(wide.initialize(Initialization.orthogonal(), 2), lanes, team);
          training.updates().limit(8).forEach(update -> {});
          results.add(training.weights().values());
        }
      }
      assertThat(results.get(1)).isEqualTo(results.get(0));
    }
  }

  @Test
  void updatesAndEpochsCount() {
    // 73 steps a lane: seven windows of ten.
    Sampling lanes = Lanes.of(text(293), 4, 10);
    List<Update> updates = new ArrayList<>();
    trainer(Coupling.fixed(4))
        .start(fresh(), lanes, TEAM)
        .updates()
        .limit(15)
        .forEach(updates::add);
    for (int i = 0; i < 15; i++) {
      Update update = updates.get(i);
      assertThat(update.number()).isEqualTo(i + 1);
      assertThat(update.epoch()).isEqualTo(i / 7);
      assertThat(update.lastOfEpoch()).isEqualTo(i % 7 == 6);
      assertThat(update.steps()).isEqualTo(10);
      assertThat(update.tokens()).isEqualTo(40);
      assertThat(update.longestSegment()).isEqualTo(4);
      assertThat(update.clipped()).isEqualTo(update.gradientNorm() > 1);
    }
    List<EpochSummary> epochs =
        trainer(Coupling.fixed(4)).start(fresh(), lanes, TEAM).epochs().limit(2).toList();
    assertThat(epochs).extracting(EpochSummary::updates).containsExactly(7L, 14L);
    assertThat(epochs).extracting(EpochSummary::epoch).containsExactly(0L, 1L);
    assertThat(epochs).extracting(EpochSummary::tokens).containsExactly(280L, 280L);
    double mean = updates.subList(7, 14).stream().mapToDouble(Update::loss).average().orElseThrow();
    assertThat(epochs.get(1).loss()).isCloseTo(mean, within(1e-12));
    assertThat(epochs.get(1).perplexity()).isCloseTo(Math.exp(mean), within(1e-12));
  }

  @Test
  void fixedInItsOwnStrideUpdatesEveryTauSteps() {
    Tokens text = text(293);
    Trainer own = trainer(Coupling.fixed(6)).with(Stride.OWN);
    // The window's length has no say: it is the training on windows of tau steps.
    float[] expected = after(30, trainer(Coupling.full()), Lanes.of(text, 4, 6), TEAM);
    assertThat(after(30, own, Lanes.of(text, 4, 50), TEAM)).isEqualTo(expected);
    Training training = own.start(fresh(), Lanes.of(text, 4, 50).keepingRemainder(), TEAM);
    List<Update> epoch = training.updates().limit(13).toList();
    assertThat(epoch).extracting(Update::steps).containsOnlyOnce(1).contains(6);
    assertThat(epoch.get(12).lastOfEpoch()).isTrue();
  }

  @Test
  void randomInItsOwnStrideUpdatesAtItsCutsAndDividesByTheMean() {
    Lanes lanes = Lanes.of(text(293), 4, 50);
    Trainer own = trainer(Coupling.random(5)).with(Stride.OWN);
    Training training = own.start(fresh(), lanes, TEAM);
    List<Update> updates = training.updates().limit(40).toList();
    Coupling.Randomised random = (Coupling.Randomised) own.policy();
    long rest = 73;
    for (int i = 0; i < 40; i++) {
      Randomness draw = Randomness.of(1).with("coupling").with(i);
      int steps = random.segment(draw, (int) rest).links().steps();
      assertThat(updates.get(i).steps()).isEqualTo(steps);
      assertThat(updates.get(i).longestSegment()).isEqualTo(steps);
      rest -= steps;
      assertThat(updates.get(i).lastOfEpoch()).isEqualTo(rest == 0);
      rest = rest == 0 ? 73 : rest;
    }
    assertThat(updates).extracting(Update::steps).contains(1).anyMatch(steps -> (int) steps > 5);

    assertThat(training.weights().values()).isEqualTo(ownStrideByHand(updates, random, lanes));
  }

  private static float[] ownStrideByHand(
      List<Update> updates, Coupling.Randomised random, Lanes lanes) {
    Weights weights = fresh();
    Weights gradient = Weights.zeros(NETWORK.layout());
    Updater updater = Sgd.of(0.3).after(ClipByNorm.of(1)).start(weights.layout());
    Pass pass = new Pass(NETWORK, 4, TEAM);
    State state = State.zeros(NETWORK, 4);
    LaneCursor epoch = lanes.epoch(0);
    for (int i = 0; i < updates.size(); i++) {
      if (epoch.remaining() == 0) {
        epoch = lanes.epoch(1);
        state.clear();
      }
      Randomness draw = Randomness.of(1).with("coupling").with(i);
      Coupled segment = random.segment(draw, (int) epoch.remaining());
      Window window = epoch.next(segment.links().steps());
      double loss = pass.run(weights, window, segment, state, gradient, 5 * 4).loss();
      // The loss is still the mean of what was seen.
      assertThat(updates.get(i).loss()).isEqualTo(loss);
      assertThat(updates.get(i).gradientNorm()).isEqualTo(gradient.norm());
      updater.step(weights, gradient);
    }
    return weights.values();
  }

  @Test
  void whatCannotBeTrainedIsRefused() {
    Coupling perLane = new Coupling.Randomised(KeepProbability.geometric(35), 35, true);
    assertThatThrownBy(() -> trainer(perLane).with(Stride.OWN))
        .hasMessage(
            "random:35,per-lane cuts each lane at its own steps, so it has no common cut to update"
                + " at: say how many steps a window has (--steps)");
    assertThatThrownBy(() -> Bptt.of(Coupling.fixed(4)).refreshing())
        .hasMessageStartingWith("fixed:4 never goes back behind a window");
    Windows windows = Windows.of(text(100), 9, 4);
    assertThatThrownBy(() -> trainer(Coupling.full()).start(fresh(), windows, TEAM))
        .hasMessage(
            "windows in random order do not go on where the one before stopped, so no state can be"
                + " carried between them: reset the state, or sample by lanes");
    Trainer own = trainer(Coupling.fixed(3)).with(StatePolicy.RESET).with(Stride.OWN);
    assertThatThrownBy(() -> own.start(fresh(), windows, TEAM))
        .hasMessageStartingWith("updating at the coupling's own cuts needs lanes");
    Trainer random =
        Trainer.of(trainer(Coupling.full()).network(), Coupling.random(5), Sgd.of(0.1));
    assertThatThrownBy(() -> random.with(StatePolicy.RESET).with(Stride.OWN))
        .hasMessageStartingWith("random:5 at its own cuts needs the state carried");
  }

  @Test
  void ownStrideLeavesRoomForItsOwnWindowsInEveryEpoch() {
    Trainer long40 = trainer(Coupling.fixed(40)).with(Stride.OWN);
    Lanes shorter = Lanes.of(text(100), 4, 5).withOffsets(Randomness.of(1));
    assertThatThrownBy(() -> long40.start(fresh(), shorter, TEAM))
        .hasMessageContaining("lanes of --steps 40 need at least 161");
    Lanes barely = Lanes.of(text(190), 4, 5).withOffsets(Randomness.of(1));
    assertThat(long40.start(fresh(), barely, TEAM).updates().limit(20))
        .extracting(Update::steps)
        .containsOnly(40);
  }

  @Test
  void theLastBatchOfWindowsMayBeSmaller() {
    Windows windows = Windows.of(text(100), 9, 4).shuffled(Randomness.of(1));
    Trainer reset = trainer(Coupling.full()).with(StatePolicy.RESET);
    List<Update> updates = reset.start(fresh(), windows, TEAM).updates().limit(7).toList();
    assertThat(updates)
        .extracting(Update::tokens)
        .containsExactly(36L, 36L, 27L, 36L, 36L, 27L, 36L);
    assertThat(updates).extracting(Update::epoch).containsExactly(0L, 0L, 0L, 1L, 1L, 1L, 2L);
    // Each token counts the same in the epoch's loss, whatever batch it was in.
    EpochSummary epoch = reset.start(fresh(), windows, TEAM).nextEpoch();
    double sum = 0;
    for (Update update : updates.subList(0, 3)) {
      sum += update.loss() * update.tokens();
    }
    assertThat(epoch.loss()).isCloseTo(sum / 99, within(1e-12));
  }

  @Test
  void divergenceIsSaidAndLeavesTheWeightsAlone() {
    Sampling lanes = Lanes.of(text(300), 4, 10);
    Weights weights = fresh();
    Network linear = Network.of(Elman.of(SYMBOLS, 9).with(Activation.IDENTITY), NETWORK.readout());
    Training training = Trainer.of(linear, Coupling.full(), Sgd.of(1)).start(weights, lanes, TEAM);
    List<float[]> before = new ArrayList<>();
    TrainingDiverged diverged =
        catchThrowableOfType(
            TrainingDiverged.class,
            () -> {
              for (int i = 0; i < 50; i++) {
                before.add(weights.values().clone());
                training.next();
              }
            });
    assertThat(diverged)
        .hasMessageMatching(
            "(loss|the gradient's norm) became (NaN|Infinity) at update "
                + before.size()
                + " \\(window \\d, step.*\\).*; the last finite gradient norm was .*");
    assertThat(diverged.update()).isEqualTo(before.size());
    assertThat(weights.values()).isEqualTo(before.get(before.size() - 1));
    assertThat(weights.norm()).isFinite();
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "fixed:5", "random:8"})
  void aPeriodicTextIsLearnt(String coupling) {
    // After 0 comes 1 or 2, by turns: it takes memory to tell.
    int[] period = {0, 1, 0, 2, 3, 4};
    int[] ids = new int[601];
    Arrays.setAll(ids, i -> period[i % period.length]);
    Lanes lanes = Lanes.of(Tokens.of(ids), 4, 15).withOffsets(Randomness.of(1));
    Trainer trainer =
        Trainer.of(
            NETWORK,
            CouplingNotation.parse(coupling),
            Adam.standard().withRate(0.02).after(ClipByNorm.of(1)));
    Training training = trainer.start(fresh(), lanes, TEAM);
    double first = training.nextEpoch().loss();
    double last = training.epochs().skip(28).findFirst().orElseThrow().loss();
    assertThat(first).isGreaterThan(0.8);
    assertThat(last).isLessThan(0.05);
    assertThat(Evaluation.of(NETWORK, training.weights(), Lanes.of(Tokens.of(ids), 2, 50), TEAM))
        .satisfies(evaluation -> assertThat(evaluation.perplexity()).isLessThan(1.1));
  }
}
