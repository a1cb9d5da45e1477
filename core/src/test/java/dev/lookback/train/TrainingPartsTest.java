package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.cell.Elman;
import dev.lookback.data.Epoch;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.gradient.PolicyNotation;
import dev.lookback.loss.Loss;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.optim.Rate;
import dev.lookback.optim.Sgd;
import dev.lookback.optim.Updater;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Learned states, losses of one's own, batches of several sizes, and what a training counts. */
class TrainingPartsTest {
  private static final Team TEAM = Team.of(1);
  private static final int SYMBOLS = 4;
  private static final Network NETWORK = Network.of(Elman.of(SYMBOLS, 5), Readout.softmax(SYMBOLS));

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Tokens text(int length) {
    return RandomText.of(SYMBOLS, length);
  }

  private static Weights fresh(Network network) {
    return network.initialize(Initialization.orthogonal(), 2);
  }

  private static Training start(Trainer trainer, Sampling sampling) {
    return trainer.start(fresh(trainer.network()), sampling, TEAM);
  }

  /** h0 enters wherever lanes start afresh: at each window, or at each epoch's first. */
  @ParameterizedTest
  @EnumSource(StatePolicy.class)
  void aLearnedStateIsLearnedWhereLanesStartAfresh(StatePolicy policy) {
    Network network = Network.of(Elman.of(SYMBOLS, 5).withLearnedState(), Readout.softmax(SYMBOLS));
    Lanes lanes = Lanes.of(text(100), 3, 10);
    Trainer trainer = Trainer.of(network, Coupling.full(), Sgd.of(0.5)).with(policy);
    Training training = start(trainer, lanes);
    training.updates().limit(7).forEach(update -> {});

    Weights weights = fresh(network);
    Weights gradient = Weights.zeros(weights.layout());
    Updater updater = trainer.optimizer().start(weights.layout());
    Pass pass = new Pass(network, 3, TEAM);
    State state = State.zeros(network, 3);
    Epoch epoch = lanes.epoch(0);
    for (int i = 0; i < 7; i++) {
      boolean begins = i % 3 == 0;
      epoch = begins ? lanes.epoch(i / 3) : epoch;
      Window window = epoch.next();
      if (begins || policy == StatePolicy.RESET) {
        state.clear();
        window = window.startingAfresh();
      }
      Randomness none = Randomness.of(0);
      pass.run(weights, window, Coupling.full().couple(10, 3, none), state, gradient);
      updater.step(weights, gradient);
    }
    assertThat(training.weights().of("rnn.h0_l0")).doesNotContain(0);
    assertThat(training.weights().values()).isEqualTo(weights.values());
  }

  @Test
  void aLossOfOnesOwnIsWhatIsMinimised() {
    Lanes lanes = Lanes.of(text(200), 3, 10);
    Bptt own =
        Bptt.of(Coupling.full()).minimising(() -> new Thrice(Pass.lossOf(NETWORK.readout())));
    Training thrice = start(Trainer.of(NETWORK, own, Sgd.of(0.1)), lanes);
    Training once = start(Trainer.of(NETWORK, Coupling.full(), Sgd.of(0.3)), lanes);
    for (int i = 0; i < 5; i++) {
      assertThat(thrice.next().loss()).isCloseTo(3 * once.next().loss(), within(1e-4));
    }
    assertThat(thrice.weights().values()).containsExactly(once.weights().values(), within(1e-5f));
  }

  /** No number from its third window on. */
  private static final class Breaking implements Loss {
    private final Loss loss = Pass.lossOf(NETWORK.readout());
    private int calls;

    @Override
    public double lossAndGradient(
        float[] outputs,
        RowRange rows,
        Targets targets,
        Optional<float[]> weight,
        double scale,
        Team team) {
      double found = loss.lossAndGradient(outputs, rows, targets, weight, scale, team);
      calls++;
      return calls < 3 ? found : Double.NaN;
    }

    @Override
    public String label() {
      return "breaking";
    }

    @Override
    public String unit() {
      return "nats";
    }
  }

  @Test
  void aLossOfOnesOwnThatBreaksIsTold() {
    Bptt own = Bptt.of(Coupling.full()).minimising(Breaking::new);
    // Windows of one block, so that the loss is called once for each.
    Training training = start(Trainer.of(NETWORK, own, Sgd.of(0.1)), Lanes.of(text(200), 3, 2));
    TrainingDiverged diverged =
        catchThrowableOfType(
            TrainingDiverged.class, () -> training.updates().limit(9).forEach(update -> {}));
    assertThat(diverged)
        .hasMessageStartingWith(
            "loss became NaN at update 3 (window 3, in the loss that was given or before it); the last finite");
    assertThat(diverged.origin()).isEmpty();
    assertThat(training.updatesSoFar()).isEqualTo(2);
  }

  @Test
  void anEpochsNormIsTheMeanOfItsUpdates() {
    Trainer trainer = Trainer.of(NETWORK, Coupling.full(), Sgd.of(0.3));
    Lanes lanes = Lanes.of(text(100), 3, 10);
    List<Update> updates = start(trainer, lanes).updates().limit(3).toList();
    double mean = updates.stream().mapToDouble(Update::gradientNorm).average().orElseThrow();
    Training training = start(trainer, lanes);
    assertThat(training.nextEpoch().gradientNorm()).isCloseTo(mean, within(1e-12));
    assertThat(training.updatesSoFar()).isEqualTo(3);
  }

  @Test
  void theRateIsThatOfTheNextUpdate() {
    Trainer trainer = Trainer.of(NETWORK, Coupling.full(), Sgd.of(Rate.step(0.4, 0.5, 2)));
    Training training = start(trainer, Lanes.of(text(100), 3, 10));
    double[] rates = new double[5];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = training.rate();
      training.next();
    }
    assertThat(rates).containsExactly(new double[] {0.4, 0.4, 0.2, 0.2, 0.1}, within(1e-9));
  }

  @Test
  void choicesAreCounted() {
    Lanes lanes = Lanes.of(text(100), 3, 10);
    assertThat(start(Trainer.of(NETWORK, Coupling.full(), Sgd.of(0.3)), lanes).choicesMade())
        .isZero();
    Trainer measuring = Trainer.of(NETWORK, PolicyNotation.parse("adaptive:0.5"), Sgd.of(0.3));
    Training training = start(measuring, lanes);
    assertThat(training.choicesMade()).isEqualTo(1);
    training.updates().limit(52).forEach(update -> {});
    assertThat(training.choicesMade()).isEqualTo(2);
    // What measuring takes is counted with what training takes.
    Training only = start(Trainer.of(NETWORK, training.coupling(), Sgd.of(0.3)), lanes);
    only.updates().limit(52).forEach(update -> {});
    assertThat(training.peakActivationBytes()).isGreaterThan(only.peakActivationBytes());
  }

  @Test
  void aSmallerBatchHasAPassOfItsOwn() {
    // Batches of 4, 4 and 3 windows.
    Windows windows = Windows.of(text(100), 9, 4);
    Trainer free = Trainer.of(NETWORK, Coupling.full(), Sgd.of(0.1)).with(StatePolicy.RESET);
    Training all = start(free, windows);
    all.updates().limit(8).forEach(update -> {});
    assertThat(all.computedPerStep()).isEqualTo(1);

    // Within a budget there is one at a time, and what the others did counts.
    long least = free.smallestMemory(windows);
    Bptt method = free.method().within(Memory.within(least));
    Training tight =
        start(Trainer.of(NETWORK, method, Sgd.of(0.1)).with(StatePolicy.RESET), windows);
    tight.updates().limit(8).forEach(update -> {});
    assertThat(tight.peakActivationBytes()).isLessThanOrEqualTo(least);
    assertThat(tight.computedPerStep()).isGreaterThan(1);
    assertThat(tight.weights().values()).containsExactly(all.weights().values(), within(1e-5f));
  }

  @Test
  void whatAPassComputedCountsWhereItIsGivenUp() {
    // (9 + 8 + ... + 1) / 9 where each step is computed from the window's start, as eleven lanes
    // are in the smallest memory, and ten; the one that is left has room for all steps.
    assertThat(tight(Windows.of(text(100), 9, 11)).computedPerStep()).isEqualTo(5);
    assertThat(tight(Windows.of(text(100), 9, 10)).computedPerStep()).isEqualTo(3);
  }

  private static Training tight(Windows windows) {
    Trainer free = Trainer.of(NETWORK, Coupling.full(), Sgd.of(0.1)).with(StatePolicy.RESET);
    Bptt method = free.method().within(Memory.within(free.smallestMemory(windows)));
    Training training =
        start(Trainer.of(NETWORK, method, Sgd.of(0.1)).with(StatePolicy.RESET), windows);
    training.updates().limit(6).forEach(update -> {});
    return training;
  }

  @Test
  void whatCannotBeStartedCannotBeResumed() {
    Trainer carry = Trainer.of(NETWORK, Coupling.full(), Sgd.of(0.1));
    Windows windows = Windows.of(text(100), 9, 4);
    Snapshot none = Snapshot.writer().done();
    assertThatThrownBy(() -> carry.resume(none, fresh(NETWORK), windows, TEAM))
        .hasMessageContaining("no state can be carried between them");
  }

  @Test
  void cutsThatAreDrawnAndCutsThatAreChosenNeedTheStateCarried() {
    for (String policy : List.of("random:4", "adaptive:0.1")) {
      Trainer reset =
          Trainer.of(NETWORK, PolicyNotation.parse(policy), Sgd.of(0.1)).with(StatePolicy.RESET);
      boolean random = policy.startsWith("random");
      assertThatThrownBy(() -> reset.with(Stride.OWN))
          .hasMessageContaining(random ? "at random places" : "at changing places")
          .hasMessageContaining(random ? "with every draw" : "with every choice");
    }
  }
}
