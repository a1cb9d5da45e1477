package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.book.BookLoss;
import dev.lookback.book.Differences;
import dev.lookback.book.ElmanGradient;
import dev.lookback.book.ElmanNetwork;
import dev.lookback.cell.Activation;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.State;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import dev.lookback.window.Links;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Engine = book = differences of the book, for every coupling, activation and loss. */
class EngineTest {
  private static final Team TEAM = Team.of(2);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static List<Coupling> couplings(Case c) {
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
        Coupling.sliding(3, 3),
        Coupling.sliding(3, 7),
        Coupling.sliding(4, 50),
        Coupling.given(Links.perLane(perLane, c.lanes())));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void theEngineAgreesWithTheBook(int quarter) {
    for (long seed = quarter * 15L; seed < quarter * 15L + 15; seed++) {
      Case c = Case.draw(seed);
      for (Coupling coupling : couplings(c)) {
        Case.Outcome found = c.engine(coupling, seed, 4, TEAM);
        ElmanGradient expected = c.book(found.coupled());
        String what = coupling.label() + " of " + c.network() + " seed " + seed;
        double loss = c.bookTrace(c.bookNetwork()).loss(c.bookLoss(), c.window().totalWeight());
        assertThat(found.loss()).as(what).isCloseTo(loss, within(2e-5 * Math.max(1, loss)));
        assertTensors(what, c, found.gradient(), expected.parameters());
        for (int l = 0; l < c.network().cells().size(); l++) {
          assertClose(what + " h0", toDouble(found.h0().layer(l)[0]), flat(expected.h0()[l]));
        }
      }
    }
  }

  @Test
  void theBookAgreesWithItsDifferences() {
    for (Activation activation : List.of(Activation.TANH, Activation.IDENTITY)) {
      for (boolean classes : new boolean[] {true, false}) {
        Case c =
            Case.of(
                new Case.Sizes(2, 3, 4, 3, 2, 6),
                activation,
                new boolean[] {false, classes, true},
                7);
        ElmanNetwork book = c.bookNetwork();
        BookLoss loss = c.bookLoss();
        double divisor = c.window().totalWeight();
        double[] differences =
            Differences.gradient(
                w -> c.bookTrace(book.withParameters(w)).loss(loss, divisor), book.parameters());
        double[] exact =
            c.book(Coupling.full().couple(c.steps(), c.lanes(), Randomness.of(1))).parameters();
        for (int i = 0; i < exact.length; i++) {
          assertThat(differences[i]).isCloseTo(exact[i], within(1e-9));
        }
      }
    }
  }

  @Test
  void truncationAtOrBeyondTheWindowIsFullToTheBit() {
    Case c = Case.draw(11);
    float[] full = c.engine(Coupling.full(), 1, 4, TEAM).gradient();
    for (Coupling coupling :
        List.of(
            Coupling.fixed(c.steps()),
            Coupling.fixed(c.steps() + 1),
            Coupling.given(Links.whole(c.steps())),
            Coupling.sliding(c.steps(), c.steps()))) {
      assertThat(c.engine(coupling, 1, 4, TEAM).gradient()).isEqualTo(full);
    }
  }

  @Test
  void theNumberOfThreadsAndTheKernelsDoNotChangeABit() {
    Case c =
        Case.of(
            new Case.Sizes(2, 20, 96, 50, 24, 19),
            Activation.TANH,
            new boolean[] {true, true, false},
            3);
    try (Team scalar = Team.scalar(1);
        Team one = Team.of(1);
        Team four = Team.of(4)) {
      for (Coupling coupling : List.of(Coupling.full(), Coupling.fixed(7), Coupling.random(5))) {
        float[] expected = c.engine(coupling, 1, 8, scalar).gradient();
        assertThat(c.engine(coupling, 1, 8, one).gradient()).isEqualTo(expected);
        assertThat(c.engine(coupling, 1, 8, four).gradient()).isEqualTo(expected);
      }
    }
  }

  @Test
  void aBatchIsItsLanesInEveryForwardValue() {
    Case c =
        Case.of(
            new Case.Sizes(2, 5, 33, 7, 5, 9),
            Activation.TANH,
            new boolean[] {false, false, false},
            4);
    State together = c.engine(Coupling.full(), 1, 4, TEAM).end();
    for (int b = 0; b < c.lanes(); b++) {
      Case lane = Lane.of(c, b);
      State alone = lane.engine(Coupling.full(), 1, 4, TEAM).end();
      for (int l = 0; l < 2; l++) {
        for (int j = 0; j < 33; j++) {
          assertThat(alone.layer(l)[0][j]).isEqualTo(together.layer(l)[0][b * 33 + j]);
        }
      }
    }
  }

  @Test
  void theBlockLengthChangesRoundingOnly() {
    Case c = Case.draw(21);
    float[] one = c.engine(Coupling.full(), 1, 1, TEAM).gradient();
    float[] many = c.engine(Coupling.full(), 1, 64, TEAM).gradient();
    assertTensors("blocks", c, one, toDouble(many));
  }

  @Test
  void memoryIsThatOfTheLongestSegment() {
    Case c =
        Case.of(
            new Case.Sizes(1, 5, 16, 5, 2, 40),
            Activation.TANH,
            new boolean[] {true, true, false},
            5);
    long tape = (4 + 1) * 2 * 16 * Float.BYTES;
    long fixedFour = bytes(c, Coupling.fixed(4));
    assertThat(bytes(c, Coupling.fixed(8)) - fixedFour).isEqualTo(tape);
    assertThat(bytes(c, Coupling.full()) - fixedFour).isEqualTo(9 * tape);
    // Blocks of four steps; seven steps of the past touch three of them.
    assertThat(bytes(c, Coupling.sliding(1, 7)) - fixedFour).isEqualTo(2 * tape);
  }

  private static long bytes(Case c, Coupling coupling) {
    Pass pass = new Pass(c.network(), c.lanes(), 4, TEAM);
    Coupled coupled = coupling.couple(c.steps(), c.lanes(), Randomness.of(1));
    pass.run(
        c.weights(), c.window(), coupled, c.state().copy(), Weights.zeros(c.network().layout()));
    return pass.peakActivationBytes();
  }

  static void assertTensors(String what, Case c, float[] found, double[] expected) {
    for (Tensor tensor : c.network().layout().tensors()) {
      double[] part = new double[tensor.size()];
      double[] of = new double[tensor.size()];
      for (int i = 0; i < part.length; i++) {
        part[i] = found[tensor.offset() + i];
        of[i] = expected[tensor.offset() + i];
      }
      assertClose(what + " " + tensor.name(), part, of);
    }
  }

  /** Within 1e-5 of the largest magnitude, and of 1e-6 at least. */
  private static void assertClose(String what, double[] found, double[] expected) {
    double largest = 0;
    for (double x : expected) {
      largest = Math.max(largest, Math.abs(x));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i])
          .as(what + " [" + i + "]")
          .isCloseTo(expected[i], within(Math.max(1e-6, 1e-5 * largest)));
    }
  }

  static double[] toDouble(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i];
    }
    return y;
  }

  private static double[] flat(double[][] x) {
    double[] y = new double[x.length * x[0].length];
    for (int i = 0; i < x.length; i++) {
      System.arraycopy(x[i], 0, y, i * x[0].length, x[0].length);
    }
    return y;
  }
}
