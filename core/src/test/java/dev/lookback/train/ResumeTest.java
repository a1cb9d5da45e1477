package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.TaskStream;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.data.task.Tasks;
import dev.lookback.format.CheckpointFile;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.PolicyNotation;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Adam;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.optim.Momentum;
import dev.lookback.optim.Optimizer;
import dev.lookback.optim.Rate;
import dev.lookback.optim.Rewrite;
import dev.lookback.optim.RmsProp;
import dev.lookback.optim.Sgd;
import dev.lookback.optim.WeightDecay;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that was saved goes on, bit for bit, as if nothing had happened. */
class ResumeTest {
  private static final Team ONE = Team.of(1);
  private static final Team TWO = Team.of(2);
  private static final int SYMBOLS = 4;

  private static final List<String> COUPLINGS =
      List.of(
          "full",
          "fixed:3",
          "random:4",
          "random:6,alpha=3,floor=2",
          "random:4,per-lane",
          "random:4,stratified",
          "sliding:2,9",
          "every-loss-at-least:3",
          "adaptive:0.5,max=6",
          "random:measured",
          "auto");

  private static final List<Optimizer> OPTIMIZERS =
      List.of(
          Sgd.of(0.3),
          Sgd.of(Rate.step(0.3, 0.5, 4)).then(Momentum.of(0.9)).after(ClipByNorm.of(0.5)),
          Adam.of(Rate.cosine(0.05, 0.001, 9)).then(WeightDecay.of(0.1)),
          RmsProp.of(0.02).after(ClipByNorm.of(0.3)));

  @TempDir Path folder;

  @AfterAll
  static void close() {
    ONE.close();
    TWO.close();
  }

  private static Tokens text(int length) {
    return RandomText.of(SYMBOLS, length);
  }

  /** Of several steps, epochs that end within a few updates, and last windows with fewer lanes. */
  private static Map<String, Sampling> samplings() {
    Randomness r = Randomness.of(7);
    Map<String, Sampling> all = new LinkedHashMap<>();
    all.put("lanes", Lanes.of(text(100), 3, 7).withOffsets(r));
    all.put("remainder", Lanes.of(text(71), 3, 7).keepingRemainder());
    all.put("windows", Windows.of(text(36), 7, 3).stride(5).shuffled(r));
    all.put("task", TaskStream.of(Tasks.parse("copy?T=4,m=1"), 3, 7, 28, r));
    return all;
  }

  private static Network network(String cell, Sampling sampling) {
    boolean task = sampling instanceof TaskStream;
    int in = task ? ((TaskStream) sampling).task().form().inputs() : SYMBOLS;
    int out = task ? ((TaskStream) sampling).task().form().outputs() : SYMBOLS;
    Readout readout = Readout.softmax(out);
    return switch (cell) {
      case "elman" -> Network.of(Elman.of(in, 5), readout);
      case "relu" ->
          Network.of(new Elman(3, 5, Activation.RELU, Biases.BOTH, true), readout)
              .withEmbedding(in);
      case "lstm" -> dropping(Lstm.of(in, 4), Lstm.of(4, 5), readout);
      case "gru" -> dropping(Gru.of(in, 4), Gru.of(4, 4), readout);
      default -> Network.of(new Gru(in, 5, Biases.INPUT, true, Gru.Reset.BEFORE), readout);
    };
  }

  private static Network dropping(Cell below, Cell above, Readout readout) {
    return new Network(List.of(below, above), readout, Optional.empty(), 0.3);
  }

  private record Setup(Trainer trainer, Sampling sampling) {
    Weights fresh() {
      return trainer.network().initialize(Initialization.orthogonal(), 2);
    }

    Training start(Team team) {
      return trainer.start(fresh(), sampling, team);
    }

    /** Every update, and what there is to go on from after it. */
    List<Update> updates(int count, Training training, List<Snapshot> saved) {
      List<Update> updates = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        saved.add(training.save());
        updates.add(training.next());
      }
      saved.add(training.save());
      return updates;
    }

    void goesOn(Snapshot from, int count, List<Update> expected, Snapshot end, Team team) {
      Weights weights = Weights.zeros(trainer.network().layout());
      Training training = trainer.resume(from, weights, sampling, team);
      for (Update update : expected.subList(expected.size() - count, expected.size())) {
        assertThat(training.next()).isEqualTo(update);
      }
      assertThat(training.weights().values()).isEqualTo(end.floats("weights"));
      assertSame(training.save(), end);
    }
  }

  /** Everything, by its bits: what is counted and where activations were at their most too. */
  private static void assertSame(Snapshot found, Snapshot expected) {
    assertThat(found.floatNames()).isEqualTo(expected.floatNames());
    assertThat(found.intNames()).isEqualTo(expected.intNames());
    assertThat(found.wordNames()).isEqualTo(expected.wordNames());
    for (String name : expected.floatNames()) {
      assertThat(bits(found.floats(name))).as(name).isEqualTo(bits(expected.floats(name)));
    }
    for (String name : expected.intNames()) {
      assertThat(found.ints(name)).as(name).isEqualTo(expected.ints(name));
    }
    for (String name : expected.wordNames()) {
      assertThat(found.word(name)).as(name).isEqualTo(expected.word(name));
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  private static Optional<Setup> setup(
      Network network, String coupling, Optimizer optimizer, Stride stride, Sampling sampling) {
    try {
      Trainer trainer =
          Trainer.of(network, PolicyNotation.parse(coupling), optimizer).with(stride).withSeed(3);
      Setup setup =
          new Setup(sampling.carriesState() ? trainer : trainer.with(StatePolicy.RESET), sampling);
      setup.start(ONE);
      return Optional.of(setup);
    } catch (IllegalArgumentException e) {
      // A coupling whose lanes have no common cut, windows that cannot be of another length.
      return Optional.empty();
    }
  }

  /** Each with each, saved at places and resumed by numbers of threads that take turns. */
  @ParameterizedTest
  @ValueSource(strings = {"elman", "relu", "lstm", "gru", "gru before"})
  void everyCellCouplingOptimizerAndSamplingGoesOn(String cell) {
    int updates = 9;
    int number = 0;
    for (Sampling sampling : samplings().values()) {
      Network network = network(cell, sampling);
      for (String coupling : COUPLINGS) {
        for (Optimizer optimizer : OPTIMIZERS) {
          for (Stride stride : Stride.values()) {
            Optional<Setup> setup = setup(network, coupling, optimizer, stride, sampling);
            if (setup.isPresent()) {
              List<Snapshot> saved = new ArrayList<>();
              List<Update> all = setup.get().updates(updates, setup.get().start(ONE), saved);
              int at = 7 * number++ % (updates + 1);
              Team team = number % 3 == 0 ? TWO : ONE;
              setup.get().goesOn(saved.get(at), updates - at, all, saved.get(updates), team);
            }
          }
        }
      }
    }
    // Only lanes have strides of their own, and not of every coupling.
    assertThat(number).isGreaterThanOrEqualTo(OPTIMIZERS.size() * (4 * 11 + 2 * 8));
  }

  private Snapshot throughTheDisk(Snapshot snapshot) throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    CheckpointFile.write(file, snapshot);
    return CheckpointFile.read(file);
  }

  /** After every update, an epoch's last and none at all included, from a file, by two threads. */
  private void goesOnFromEverywhere(Setup setup, int updates) throws IOException {
    List<Snapshot> saved = new ArrayList<>();
    List<Update> all = setup.updates(updates, setup.start(ONE), saved);
    Snapshot end = saved.get(updates);
    for (int at = 0; at <= updates; at++) {
      setup.goesOn(throughTheDisk(saved.get(at)), updates - at, all, end, TWO);
    }
    assertThat(all).extracting(Update::lastOfEpoch).contains(true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sliding:2,11", "sliding:4,4", "every-loss-at-least:5"})
  void whatSlidingRemembersBehindTheWindowGoesAlong(String coupling) throws IOException {
    for (Sampling sampling : samplings().values()) {
      if (sampling.carriesState()) {
        for (Stride stride : Stride.values()) {
          Bptt stale = Bptt.of(PolicyNotation.parse(coupling));
          Trainer lstm = Trainer.of(network("lstm", sampling), stale, Adam.of(0.02));
          goesOnFromEverywhere(new Setup(lstm.with(stride), sampling), 18);
          Trainer relu = Trainer.of(network("relu", sampling), stale.refreshing(), Adam.of(0.02));
          goesOnFromEverywhere(new Setup(relu.with(stride), sampling), 18);
        }
      }
    }
  }

  /** What is computed again, and how often, goes on as well. */
  @ParameterizedTest
  @ValueSource(strings = {"full", "fixed:30", "random:20", "sliding:5,20"})
  void withinAMemory(String coupling) throws IOException {
    Sampling sampling = Lanes.of(text(200), 2, 90).keepingRemainder();
    Network network = network("lstm", sampling);
    for (Stride stride : Stride.values()) {
      Trainer free = Trainer.of(network, PolicyNotation.parse(coupling), Sgd.of(0.1)).with(stride);
      long least = free.smallestMemory(sampling);
      Bptt method = free.method().within(Memory.within(least + least / 3));
      Trainer tight = Trainer.of(network, method, Sgd.of(0.1)).with(stride);
      goesOnFromEverywhere(new Setup(tight, sampling), 25);
    }
    Sampling shorter = Windows.of(text(150), 40, 3).stride(20);
    Trainer free =
        Trainer.of(network, PolicyNotation.parse(coupling), Sgd.of(0.1)).with(StatePolicy.RESET);
    Bptt method = free.method().within(Memory.within(free.smallestMemory(shorter)));
    Trainer tight = Trainer.of(network, method, Sgd.of(0.1)).with(StatePolicy.RESET);
    goesOnFromEverywhere(new Setup(tight, shorter), 6);
  }

  @Test
  void numbersInAndOutGoOnToo() throws IOException {
    TaskStream adding = TaskStream.of(Tasks.parse("adding?T=4"), 3, 8, 32, Randomness.of(3));
    Network network = Network.of(Lstm.of(2, 5), Readout.linear(1));
    for (String coupling : List.of("full", "sliding:2,12", "random:3,stratified")) {
      Trainer trainer = Trainer.of(network, PolicyNotation.parse(coupling), Adam.of(0.02));
      goesOnFromEverywhere(new Setup(trainer, adding), 10);
    }
  }

  /** Measured at the start, every 200 updates, at epochs' starts; a length may have to wait. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adaptive:0.5,min=1|OWN",
        "adaptive:0.5,min=1|WINDOW",
        "random:measured|OWN",
        "auto|OWN",
        "auto|WINDOW"
      })
  void choicesGoOn(String policy, Stride stride) {
    Sampling sampling = Lanes.of(text(2000), 4, 12).withOffsets(Randomness.of(1));
    Trainer trainer =
        Trainer.of(network("lstm", sampling), PolicyNotation.parse(policy), Sgd.of(0.5))
            .with(stride);
    Setup setup = new Setup(trainer, sampling);
    List<Snapshot> saved = new ArrayList<>();
    int updates = 420;
    List<Update> all = setup.updates(updates, setup.start(ONE), saved);
    Snapshot end = saved.get(updates);
    assertThat(end.count("choices")).isGreaterThan(2);
    for (int at = 0; at <= updates; at++) {
      boolean choosesNext =
          at < updates && saved.get(at + 1).count("choices") > saved.get(at).count("choices");
      boolean waits = saved.get(at).truth("waiting");
      boolean ended = at > 0 && all.get(at - 1).lastOfEpoch();
      if (choosesNext || waits || ended || at % 150 == 149) {
        setup.goesOn(saved.get(at), updates - at, all, end, TWO);
      }
    }
  }

  /** h = c h' + x, and c grows with every update from 0.5 to 0.9: K is 4 first and then 22. */
  @Test
  void aChoiceThatWaitsForTheNextEpochGoesOn() {
    Network network =
        Network.of(
            new Elman(2, 1, Activation.IDENTITY, Biases.NONE), Readout.softmax(2).withoutBias());
    int c = network.layout().get("rnn.weight_hh_l0").offset();
    Rewrite growing =
        layout ->
            (gradient, weights, update) -> {
              Arrays.fill(gradient.values(), 0);
              gradient.values()[c] = -0.002f;
            };
    // 200 updates of 4 steps, and then a rest of 10.
    Sampling sampling = Lanes.of(Tokens.of(new int[3 * 810 + 1]), 3, 60);
    Trainer trainer =
        Trainer.of(network, PolicyNotation.parse("adaptive:0.1"), Sgd.of(1).after(growing))
            .with(Stride.OWN);
    Weights weights = Weights.zeros(network.layout());
    weights.values()[network.layout().get("rnn.weight_ih_l0").offset()] = 0.1f;
    weights.values()[c] = 0.5f;
    weights.values()[network.layout().get("decoder.weight").offset() + 1] = 1;
    Setup setup = new Setup(trainer, sampling);
    List<Snapshot> saved = new ArrayList<>();
    List<Update> all = setup.updates(210, trainer.start(weights, sampling, ONE), saved);
    List<Snapshot> waiting = saved.stream().filter(s -> s.truth("waiting")).toList();
    assertThat(waiting).isNotEmpty();
    for (Snapshot from : waiting) {
      setup.goesOn(from, 210 - from.count("updates"), all, saved.get(210), TWO);
    }
  }
}
