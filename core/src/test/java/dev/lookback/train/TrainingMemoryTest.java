package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Lstm;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.TaskStream;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.data.task.Task;
import dev.lookback.data.task.Tasks;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.gradient.Memory;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Sgd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings keep to their memory, and say before whether they can. */
class TrainingMemoryTest {
  private static final Team TEAM = Team.of(1);
  private static final Network NETWORK = Network.of(Lstm.of(5, 6), Readout.softmax(5));

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Tokens text() {
    return RandomText.of(5, 700);
  }

  private static Trainer trainer(Network network, String coupling, Stride stride) {
    return Trainer.of(network, CouplingNotation.parse(coupling), Sgd.of(0.1)).with(stride);
  }

  private static Trainer within(Trainer t, long bytes) {
    Bptt method = t.method().within(Memory.within(bytes));
    return new Trainer(t.network(), method, t.optimizer(), t.state(), t.stride(), t.seed());
  }

  private static Training gone(Trainer trainer, Sampling sampling) {
    Network network = trainer.network();
    Training training =
        trainer.start(network.initialize(Initialization.orthogonal(), 2), sampling, TEAM);
    training.updates().limit(9).forEach(update -> {});
    return training;
  }

  private static void keepsToEveryBudget(Trainer trainer, Sampling sampling) {
    long least = trainer.smallestMemory(sampling);
    Training free = gone(trainer, sampling);
    assertThat(free.computedPerStep()).isEqualTo(1);
    long most = Math.max(least, free.peakActivationBytes());
    for (int i = 0; i < 6; i++) {
      long budget = least + (most - least) * i / 5;
      Training tight = gone(within(trainer, budget), sampling);
      assertThat(tight.peakActivationBytes()).as(i + "").isLessThanOrEqualTo(budget);
      // With one state kept, the last of 40 steps is computed once and the first 40 times.
      assertThat(tight.computedPerStep()).isBetween(1.0, 20.5);
    }
    assertThatThrownBy(() -> gone(within(trainer, least - 1), sampling))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the smallest that works is " + least + " bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "full",
        "fixed:9",
        "random:9",
        "random:12,alpha=3,floor=4",
        "sliding:3,16",
        "sliding:7,7",
        "every-loss-at-least:9"
      })
  void everyCouplingKeepsToEveryBudgetFromTheSmallestOn(String coupling) {
    for (Stride stride : Stride.values()) {
      keepsToEveryBudget(trainer(NETWORK, coupling, stride), Lanes.of(text(), 4, 40));
    }
    Trainer reset = trainer(NETWORK, coupling, Stride.WINDOW).with(StatePolicy.RESET);
    keepsToEveryBudget(reset, Lanes.of(text(), 4, 40));
  }

  @Test
  void lanesThatStartAfreshInsideOfWindowsNeedMore() {
    Task task = Tasks.parse("copy?T=5,m=2");
    Network network =
        Network.of(Lstm.of(task.form().inputs(), 6), Readout.softmax(task.form().outputs()));
    for (String coupling : new String[] {"full", "sliding:3,8"}) {
      Sampling sampling = TaskStream.of(task, 3, 30, 300, Randomness.of(1));
      keepsToEveryBudget(trainer(network, coupling, Stride.WINDOW), sampling);
    }
  }

  @Test
  void shorterBatchesDoNotCountTwice() {
    Sampling windows = Windows.of(text(), 40, 4);
    Trainer reset = trainer(NETWORK, "full", Stride.WINDOW).with(StatePolicy.RESET);
    long budget = reset.smallestMemory(windows);
    assertThat(gone(within(reset, budget), windows).peakActivationBytes())
        .isLessThanOrEqualTo(budget);
  }

  @Test
  void whatDoesNotFitIsComputedAgain() {
    Sampling sampling = Lanes.of(text(), 4, 50);
    Trainer full = Trainer.of(NETWORK, Coupling.full(), Sgd.of(0.1));
    Trainer least = within(full, full.smallestMemory(sampling));
    assertThat(gone(least, sampling).computedPerStep()).isGreaterThan(1);
  }
}
