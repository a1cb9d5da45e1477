package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.book.CellState;
import dev.lookback.book.RecurrentGradient;
import dev.lookback.book.RecurrentTrace;
import dev.lookback.gradient.CellCase.Kind;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.State;
import dev.lookback.weights.Tensor;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Targets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Engine = book for every cell, coupling and loss, and for everything a network can have. */
class CellEngineTest {
  private static final Team TEAM = Team.of(2);
  private static final List<Integer> BLOCKS = List.of(1, 4, 32);
  private static final int CASES = 36;

  @AfterAll
  static void close() {
    TEAM.close();
  }

  /** Layers of one kind, and of different kinds on each other. */
  static List<List<Kind>> stacks() {
    return List.of(
        List.of(Kind.LSTM),
        List.of(Kind.GRU_AFTER),
        List.of(Kind.GRU_BEFORE),
        List.of(Kind.ELMAN),
        List.of(Kind.GRU_BEFORE, Kind.LSTM, Kind.GRU_AFTER),
        List.of(Kind.LSTM, Kind.ELMAN, Kind.GRU_BEFORE));
  }

  private static List<Coupling> couplings(CellCase c) {
    Randomness r = Randomness.of(99);
    float[] perLane = new float[c.steps() * c.lanes()];
    for (int i = 0; i < perLane.length; i++) {
      perLane[i] = r.uniform(i) < 0.3 ? 0 : 1.25f;
    }
    return List.of(
        Coupling.full(),
        Coupling.fixed(1),
        Coupling.fixed(3),
        Coupling.fixed(5),
        Coupling.fixed(1000),
        Coupling.random(4),
        new Coupling.Randomised(KeepProbability.geometric(3), 3, true),
        Coupling.sliding(1, 4),
        Coupling.sliding(3, 7),
        Coupling.sliding(4, 50),
        Coupling.given(Links.perLane(perLane, c.lanes())));
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void theEngineAgreesWithTheBook(List<Kind> kinds) {
    for (long seed = 0; seed < CASES; seed++) {
      CellCase c = CellCase.draw(seed, kinds);
      RecurrentTrace trace = c.bookTrace();
      for (Coupling coupling : couplings(c)) {
        Coupled coupled = coupling.couple(c.steps(), c.lanes(), Randomness.of(seed));
        RecurrentGradient expected = c.book(trace, coupled);
        for (int blockSteps : BLOCKS) {
          String what = what(coupling, blockSteps, seed, c);
          assertAgrees(what, c, c.engine(coupling, seed, blockSteps, TEAM), trace, expected);
        }
      }
    }
  }

  static String what(Coupling coupling, int blockSteps, long seed, CellCase c) {
    return String.format(
        Locale.ROOT,
        "%s in blocks of %d, seed %d, %s: ",
        coupling.label(),
        blockSteps,
        seed,
        c.network());
  }

  static void assertAgrees(
      String what,
      CellCase c,
      CellCase.Outcome found,
      RecurrentTrace trace,
      RecurrentGradient expected) {
    double loss = trace.loss(c.bookLoss(), c.window().totalWeight());
    assertClose(what + "loss", new double[] {found.loss()}, new double[] {loss});
    assertTensors(what, c, found.gradient(), expected.parameters());
    for (int l = 0; l < c.layers(); l++) {
      assertState(what + "dL/d state " + l + " ", found.byState(), l, expected.state()[l]);
      CellState[] last = trace.after()[l][c.steps() - 1];
      assertState(what + "last state " + l + " ", found.end(), l, last);
    }
  }

  static void assertTensors(String what, CellCase c, float[] found, double[] expected) {
    assertThat(found).hasSize(expected.length);
    for (Tensor tensor : c.network().layout().tensors()) {
      double[] part = new double[tensor.size()];
      for (int i = 0; i < part.length; i++) {
        part[i] = found[tensor.offset() + i];
      }
      double[] of = Arrays.copyOfRange(expected, tensor.offset(), tensor.end());
      assertClose(what + tensor.name(), part, of);
    }
  }

  private static void assertState(String what, State found, int l, CellState[] expected) {
    float[][] planes = found.layer(l);
    assertThat(planes).hasDimensions(expected[0].c().length == 0 ? 1 : 2, planes[0].length);
    for (int p = 0; p < planes.length; p++) {
      double[] part = new double[planes[p].length];
      double[] of = new double[planes[p].length];
      int hidden = part.length / expected.length;
      for (int i = 0; i < part.length; i++) {
        CellState lane = expected[i / hidden];
        part[i] = planes[p][i];
        of[i] = (p == 0 ? lane.h() : lane.c())[i % hidden];
      }
      assertClose(what + (p == 0 ? "h" : "c"), part, of);
    }
  }

  /** Within 1e-5 of the largest magnitude, and of 1e-6 at least. */
  private static void assertClose(String what, double[] found, double[] expected) {
    double largest = 0;
    for (double x : expected) {
      largest = Math.max(largest, Math.abs(x));
    }
    double tolerance = Math.max(1e-6, 1e-5 * largest);
    for (int i = 0; i < expected.length; i++) {
      // Not the other way round: NaN is not within anything.
      if (!(Math.abs(found[i] - expected[i]) <= tolerance)) {
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "%s [%d] is %s but the book has %s, and they may differ by %s",
                what,
                i,
                found[i],
                expected[i],
                tolerance));
      }
    }
  }

  /** So that no feature is left out by chance. */
  @ParameterizedTest
  @MethodSource("stacks")
  void theCasesHaveEverything(List<Kind> kinds) {
    Set<String> seen = new TreeSet<>();
    for (long seed = 0; seed < CASES; seed++) {
      seen.addAll(features(CellCase.draw(seed, kinds)));
    }
    assertThat(seen)
        .contains("1 layers", "2 layers", "3 layers")
        .contains("no biases", "bias_ih", "bias_hh", "no readout bias")
        .contains("tokens", "embedding", "dense", "cross-entropy", "squared error")
        .contains("learned", "learned afresh", "learned with resets", "fixed with resets")
        .contains("dropout", "dropout while nothing is dropped", "weights");
  }

  private static Set<String> features(CellCase c) {
    Set<String> features = new TreeSet<>();
    features.add(c.layers() + " layers");
    boolean ih = c.network().layout().find("rnn.bias_ih_l0").isPresent();
    boolean hh = c.network().layout().find("rnn.bias_hh_l0").isPresent();
    features.add(hh ? "bias_hh" : ih ? "bias_ih" : "no biases");
    features.add(c.network().readout().bias() ? "readout bias" : "no readout bias");
    boolean tokens = c.window().inputs() instanceof Inputs.Tokens;
    features.add(c.network().embedding().isPresent() ? "embedding" : tokens ? "tokens" : "dense");
    boolean classes = c.window().targets() instanceof Targets.Classes;
    features.add(classes ? "cross-entropy" : "squared error");
    String learned = c.network().cells().get(0).learnsState() ? "learned" : "fixed";
    features.add(learned);
    boolean[] reset = c.window().reset().orElse(new boolean[1]);
    boolean afresh = reset[0] && reset[c.lanes() - 1];
    features.add(afresh ? learned + " afresh" : learned + " carried");
    for (int row = c.lanes(); row < reset.length; row++) {
      features.add(reset[row] ? learned + " with resets" : "carried");
    }
    if (c.network().dropout() > 0) {
      features.add(c.drops() ? "dropout" : "dropout while nothing is dropped");
    }
    features.add(c.window().weight().isPresent() ? "weights" : "no weights");
    return features;
  }
}
