package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.analysis.Activity;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.data.Tokens;
import dev.lookback.data.Unseen;
import dev.lookback.data.Vocabulary;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.optim.Sgd;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Each symptom's rule, from both sides of its threshold. */
class CheckupTest {
  private static final Team TEAM = Team.of(1);
  private static final int SYMBOLS = 5;
  private static final int HIDDEN = 8;

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Checkup of(Cell cell) {
    Network network = Network.of(cell, Readout.softmax(SYMBOLS));
    return new Checkup(Trainer.of(network, Coupling.full(), Sgd.of(0.1).after(ClipByNorm.of(2))));
  }

  private static Weights fresh(Cell cell) {
    return Network.of(cell, Readout.softmax(SYMBOLS)).initialize(Initialization.orthogonal(), 1);
  }

  private static Window sample() {
    int[] ids = new int[70 * 3];
    Arrays.setAll(ids, i -> Randomness.of(2).below(SYMBOLS, i));
    return Window.ofTokens(70, 3, ids, ids);
  }

  private static Update update(long number, double loss, double norm) {
    return new Update(number, 0, false, 70, 210, loss, norm, norm > 2, 70);
  }

  private static List<Symptom.Kind> look(Checkup checkup, Weights weights) {
    return checkup.look(weights, sample(), TEAM).stream().map(Symptom::kind).toList();
  }

  private static List<Symptom.Kind> afterLosses(long first, double[] losses) {
    Elman cell = Elman.of(SYMBOLS, HIDDEN);
    Checkup checkup = of(cell);
    for (int i = 0; i < losses.length; i++) {
      checkup.saw(update(first + i, losses[i], 1));
    }
    return look(checkup, fresh(cell));
  }

  private static double[] losses(int count, double first, double last) {
    double[] losses = new double[count];
    Arrays.setAll(losses, i -> i < count - 200 ? first : last);
    return losses;
  }

  @Test
  void aLossThatDoesNotMoveIsTold() {
    assertThat(afterLosses(1, losses(600, 2, 2))).containsExactly(Symptom.Kind.STUCK);
    assertThat(afterLosses(1, losses(600, 2, 1.985))).containsExactly(Symptom.Kind.STUCK);
    assertThat(afterLosses(1, losses(600, 2, 1.975))).isEmpty();
    assertThat(afterLosses(1, losses(599, 2, 2))).isEmpty();
    // A run that goes on may have learned what there is.
    assertThat(afterLosses(7, losses(600, 2, 2))).isEmpty();
  }

  private static Checkup afterNorms(Cell cell, int clipped, double norm) {
    Checkup checkup = of(cell);
    for (int i = 0; i < 200; i++) {
      checkup.saw(update(i + 1, 2 - 0.001 * i, i < clipped ? norm : 1));
    }
    return checkup;
  }

  @Test
  void gradientsThatAreClippedNearlyAlwaysAreToldOnce() {
    Elman cell = Elman.of(SYMBOLS, HIDDEN);
    Weights weights = fresh(cell);
    Checkup checkup = afterNorms(cell, 190, 22);
    assertThat(look(checkup, weights)).containsExactly(Symptom.Kind.CLIPPED);
    assertThat(look(checkup, weights)).isEmpty();
    assertThat(look(afterNorms(cell, 189, 22), weights)).isEmpty();
    assertThat(look(afterNorms(cell, 200, 19), weights)).isEmpty();
    // Ten times what is allowed is enough.
    assertThat(look(afterNorms(cell, 200, 20), weights)).containsExactly(Symptom.Kind.CLIPPED);
  }

  @Test
  void whereNothingIsClippedLongGradientsAreNoSymptom() {
    Elman cell = Elman.of(SYMBOLS, HIDDEN);
    Network network = Network.of(cell, Readout.softmax(SYMBOLS));
    Checkup checkup = new Checkup(Trainer.of(network, Coupling.full(), Sgd.of(0.1)));
    for (int i = 0; i < 200; i++) {
      checkup.saw(update(i + 1, 2 - 0.001 * i, 50));
    }
    assertThat(look(checkup, fresh(cell))).isEmpty();
  }

  // Updates of long ago, and what moved since, say nothing.
  @Test
  void onlyTheLast200UpdatesCount() {
    Elman cell = Elman.of(SYMBOLS, HIDDEN);
    Checkup checkup = afterNorms(cell, 200, 22);
    for (int i = 200; i < 211; i++) {
      checkup.saw(update(i + 1, 1, 1));
    }
    assertThat(look(checkup, fresh(cell))).isEmpty();
  }

  private static Checkup healthy(Cell cell) {
    return afterNorms(cell, 0, 1);
  }

  private static void setBias(Weights weights, int from, int to, float value) {
    Tensor bias = weights.layout().get("rnn.bias_ih_l0");
    Arrays.fill(weights.values(), bias.offset() + from, bias.offset() + to, value);
  }

  @Test
  void deadRectifiersAreTold() {
    Elman cell = Elman.of(SYMBOLS, HIDDEN).with(Activation.RELU);
    Weights alive = fresh(cell);
    setBias(alive, 0, HIDDEN, 3);
    setBias(alive, 0, HIDDEN / 2 - 1, -1e6f);
    assertThat(look(healthy(cell), alive)).isEmpty();
    setBias(alive, 0, HIDDEN / 2, -1e6f);
    List<Symptom> told = healthy(cell).look(alive, sample(), TEAM);
    assertThat(told).hasSize(1);
    assertThat(told.get(0).found())
        .isEqualTo("50 % of the units of layer 0 are dead: 0 at every step of a window");
  }

  @Test
  void saturatedGatesAreToldByName() {
    Lstm lstm = Lstm.of(SYMBOLS, HIDDEN);
    Weights weights = fresh(lstm);
    assertThat(look(healthy(lstm), weights)).isEmpty();
    setBias(weights, HIDDEN, 2 * HIDDEN, -50);
    List<Symptom> told = healthy(lstm).look(weights, sample(), TEAM);
    assertThat(told).hasSize(1);
    assertThat(told.get(0).kind()).isEqualTo(Symptom.Kind.SATURATED);
    assertThat(told.get(0).found()).startsWith("the forget gate f of layer 0 is saturated: 100 %");
    Gru gru = Gru.of(SYMBOLS, HIDDEN);
    Weights candidates = fresh(gru);
    assertThat(look(healthy(gru), candidates)).isEmpty();
    setBias(candidates, 2 * HIDDEN, 3 * HIDDEN, 50);
    assertThat(healthy(gru).look(candidates, sample(), TEAM).get(0).found())
        .contains("candidate n");
    Elman elman = Elman.of(SYMBOLS, HIDDEN);
    Weights tanh = fresh(elman);
    setBias(tanh, 0, HIDDEN, 50);
    assertThat(look(healthy(elman), tanh)).containsExactly(Symptom.Kind.SATURATED);
  }

  @Test
  void nothingIsToldTooSoon() {
    Elman elman = Elman.of(SYMBOLS, HIDDEN);
    Weights tanh = fresh(elman);
    setBias(tanh, 0, HIDDEN, 50);
    Checkup checkup = of(elman);
    for (int i = 1; i < 200; i++) {
      checkup.saw(update(i, 2, 50));
    }
    assertThat(look(checkup, tanh)).isEmpty();
  }

  @Test
  void activitiesAreSharesOfWhatAStepKeeps() {
    Lstm lstm = Lstm.of(SYMBOLS, HIDDEN);
    Network network =
        new Network(
                List.of(Lstm.of(3, HIDDEN), Elman.of(HIDDEN, 4).with(Activation.RELU)),
                Readout.softmax(SYMBOLS))
            .withEmbedding(SYMBOLS);
    Weights weights = network.initialize(Initialization.orthogonal(), 1);
    // Half of the output gates.
    setBias(weights, 3 * HIDDEN, 3 * HIDDEN + HIDDEN / 2, 50);
    List<Activity> all = Activity.of(network, weights, sample(), TEAM);
    assertThat(all).extracting(Activity::layer).containsExactly(0, 0, 0, 0, 0, 1);
    assertThat(all.get(3).quantity()).isEqualTo(lstm.quantities().get(3));
    assertThat(all.get(3).flat()).isEqualTo(0.5);
    assertThat(all.get(1).flat()).isZero();
  }

  @Test
  void symbolsThatNeverOccurAreNamed() {
    Vocabulary vocabulary = Vocabulary.of(List.of("<unk>", "a", "b", "c"));
    assertThat(Unseen.of(vocabulary, Tokens.of(1, 1, 3))).containsExactly("b");
    assertThat(Unseen.of(vocabulary, Tokens.of(2, 1, 3))).isEmpty();
    int[] late = new int[70_000];
    Arrays.fill(late, 1);
    late[69_999] = 2;
    assertThat(Unseen.of(vocabulary, Tokens.of(late))).containsExactly("c");
  }
}
