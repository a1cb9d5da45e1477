package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.gradient.CellCase.Kind;
import dev.lookback.gradient.CellCase.Outcome;
import dev.lookback.math.Partition;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is the same is the same to the bit, for every cell. */
class SameBitsTest {
  private static final Team SCALAR = Team.scalar(1);
  private static final Team ONE = Team.of(1);
  private static final Team TWO = Team.of(2);
  private static final Team FOUR = Team.of(4);
  private static final List<Team> TEAMS = List.of(ONE, TWO, FOUR);
  private static final List<Coupling> COUPLINGS =
      List.of(Coupling.full(), Coupling.fixed(3), Coupling.sliding(2, 5), Coupling.random(4));

  @AfterAll
  static void close() {
    SCALAR.close();
    TEAMS.forEach(Team::close);
  }

  private static Network stack(Kind kind, int inputs, int lower, int upper, Readout readout) {
    Cell below = kind.cell(inputs, lower, Biases.BOTH).withLearnedState();
    Cell above = kind.cell(lower, upper, Biases.INPUT);
    return new Network(List.of(below, above), readout);
  }

  private static Partition partition(Team team, int lanes, Cell cell) {
    long weights = (long) cell.gates() * cell.hidden() * cell.hidden();
    return Partition.of(team, lanes, cell.hidden(), weights);
  }

  @ParameterizedTest
  @EnumSource
  void lanesSplitAmongThreads(Kind kind) {
    Network network = stack(kind, 20, 96, 96, Readout.softmax(50)).withDropout(0.3);
    CellCase c = CellCase.of(network, 24, 11, true, 3).dropping(Randomness.of(8));
    for (Team team : List.of(TWO, FOUR)) {
      Partition partition = partition(team, 24, network.top());
      assertThat(partition.inStep()).isFalse();
      assertThat(partition.parts()).hasSize(team.size());
    }
    assertTeamsAgree(c);
    assertTeamsAgree(c.with(c.window().withReset(c.resets(4)).withWeight(c.sampleWeights(4))));
  }

  @ParameterizedTest
  @EnumSource
  void unitsSplitAmongThreadsThatWaitForEachOther(Kind kind) {
    for (int lanes = 1; lanes <= 3; lanes++) {
      // As few units as one lane's step needs to be worth the waits, and no whole number of grains.
      CellCase c = inStep(kind, lanes, 5);
      for (Team team : List.of(TWO, FOUR)) {
        Partition partition = partition(team, lanes, c.network().top());
        assertThat(partition.inStep()).isTrue();
        assertThat(partition.parts()).hasSize(team.size());
      }
      assertTeamsAgree(c);
      assertTeamsAgree(c.with(c.window().withReset(c.resets(lanes))));
    }
  }

  /** Many lanes, but weights that no cache of a thread's own holds; rows longer than a page. */
  @ParameterizedTest
  @EnumSource
  void unitsSplitBecauseTheWeightsAreLarge(Kind kind) {
    CellCase c = inStep(kind, 26, 530);
    assertThat(partition(TWO, 26, c.network().top()).inStep()).isTrue();
    assertThat(partition(FOUR, 26, c.network().top()).inStep()).isTrue();
    assertTeamsAgree(c.with(c.window().withReset(c.resets(1))));
  }

  private static CellCase inStep(Kind kind, int lanes, int inputs) {
    int hidden =
        switch (kind) {
          case LSTM -> 197;
          case GRU_AFTER, GRU_BEFORE -> 227;
          case ELMAN -> 391;
        };
    Network network = stack(kind, inputs, 21, hidden, Readout.linear(3));
    return CellCase.of(network, lanes, 6, false, lanes);
  }

  private static void assertTeamsAgree(CellCase c) {
    for (Coupling coupling : COUPLINGS) {
      Outcome expected = c.engine(coupling, 1, 4, SCALAR);
      for (Team team : TEAMS) {
        Outcome found = c.engine(coupling, 1, 4, team);
        String what = coupling.label() + " on " + team.size() + " x " + team.describe();
        assertThat(found.loss()).as(what).isEqualTo(expected.loss());
        assertThat(found.gradient()).as(what).isEqualTo(expected.gradient());
        assertSame(what, c, found.byState(), expected.byState());
        assertSame(what, c, found.end(), expected.end());
      }
    }
  }

  private static void assertSame(String what, CellCase c, State found, State expected) {
    for (int l = 0; l < c.layers(); l++) {
      assertThat(found.layer(l)).as(what).isDeepEqualTo(expected.layer(l));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBatchIsItsLanesInEveryForwardValue(Kind kind) {
    for (int lanes : new int[] {2, 5, 25}) {
      CellCase c = CellCase.of(stack(kind, 5, 33, 40, Readout.linear(7)), lanes, 6, false, lanes);
      c = c.with(c.window().withReset(c.resets(2)));
      for (int steps = 1; steps <= c.steps(); steps++) {
        CellCase together = first(c, steps);
        State end = together.engine(Coupling.full(), 1, 4, TWO).end();
        for (int b = 0; b < lanes; b++) {
          CellCase alone = lane(together, b);
          assertSame(
              lanes + " lanes, lane " + b + " after step " + steps,
              alone,
              alone.engine(Coupling.full(), 1, 4, ONE).end(),
              lane(end, b, together));
        }
      }
      assertOutputsAgree(c);
    }
  }

  private static void assertOutputsAgree(CellCase c) {
    int width = c.network().readout().outputs();
    float[] together = outputs(c);
    for (int b = 0; b < c.lanes(); b++) {
      assertThat(outputs(lane(c, b))).isEqualTo(column(together, width, c, b));
    }
  }

  private static float[] outputs(CellCase c) {
    return new Predictor(c.network(), c.weights(), c.lanes(), TWO)
        .outputs(c.window(), c.state().copy());
  }

  private static CellCase first(CellCase c, int steps) {
    Window w = c.window();
    return c.with(new Window(steps, w.lanes(), w.inputs(), w.targets(), w.reset(), w.weight()));
  }

  private static CellCase lane(CellCase c, int b) {
    Inputs.Dense x = (Inputs.Dense) c.window().inputs();
    Targets.Values y = (Targets.Values) c.window().targets();
    boolean[] reset = new boolean[c.steps()];
    for (int t = 0; t < reset.length; t++) {
      reset[t] = c.window().reset().orElseThrow()[t * c.lanes() + b];
    }
    Window window =
        Window.of(
                c.steps(),
                1,
                new Inputs.Dense(column(x.values(), x.width(), c, b), x.width()),
                new Targets.Values(column(y.values(), y.width(), c, b), y.width()))
            .withReset(reset);
    return new CellCase(c.network(), c.weights(), window, lane(c.state(), b, c), c.dropping());
  }

  private static State lane(State state, int b, CellCase c) {
    State lane = State.zeros(c.network(), 1);
    for (int l = 0; l < c.layers(); l++) {
      for (int p = 0; p < lane.layer(l).length; p++) {
        float[] to = lane.layer(l)[p];
        System.arraycopy(state.layer(l)[p], b * to.length, to, 0, to.length);
      }
    }
    return lane;
  }

  private static float[] column(float[] rows, int width, CellCase c, int b) {
    float[] column = new float[c.steps() * width];
    for (int t = 0; t < c.steps(); t++) {
      System.arraycopy(rows, (t * c.lanes() + b) * width, column, t * width, width);
    }
    return column;
  }

  @ParameterizedTest
  @EnumSource
  void truncationAtOrBeyondTheWindowIsFull(Kind kind) {
    for (long seed = 0; seed < 12; seed++) {
      CellCase c = CellCase.draw(seed, List.of(kind));
      for (int blockSteps : new int[] {1, 4, 32}) {
        Outcome full = c.engine(Coupling.full(), 1, blockSteps, ONE);
        for (Coupling coupling : full(c.steps())) {
          Outcome found = c.engine(coupling, 1, blockSteps, ONE);
          String what = coupling.label() + " in blocks of " + blockSteps + ", seed " + seed;
          assertThat(found.loss()).as(what).isEqualTo(full.loss());
          assertThat(found.gradient()).as(what).isEqualTo(full.gradient());
          assertSame(what, c, found.byState(), full.byState());
          assertSame(what, c, found.end(), full.end());
        }
      }
    }
  }

  private static List<Coupling> full(int steps) {
    return List.of(
        Coupling.fixed(steps),
        Coupling.fixed(steps + 1),
        Coupling.sliding(steps, steps),
        Coupling.sliding(steps + 3, 2 * steps + 3),
        Coupling.given(Links.whole(steps)),
        new Coupling.Randomised((step, sinceCut) -> 1, 5, true));
  }

  @ParameterizedTest
  @EnumSource
  void dropoutDependsOnNeitherBlocksNorThreads(Kind kind) {
    Network network = stack(kind, 9, 96, 33, Readout.softmax(20)).withDropout(0.4);
    CellCase c = CellCase.of(network, 24, 19, true, 6).dropping(Randomness.of(5));
    Outcome expected = c.engine(Coupling.fixed(7), 1, 16, ONE);
    for (Team team : TEAMS) {
      assertThat(c.engine(Coupling.fixed(7), 1, 16, team).gradient())
          .isEqualTo(expected.gradient());
      for (int blockSteps : new int[] {1, 3, 8, 19, 64}) {
        Outcome found = c.engine(Coupling.fixed(7), 1, blockSteps, team);
        assertSame("blocks of " + blockSteps, c, found.end(), expected.end());
        CellEngineTest.assertTensors(
            "", c, found.gradient(), EngineTest.toDouble(expected.gradient()));
      }
    }
    // And it does depend on what it is drawn from.
    CellCase other = c.dropping(Randomness.of(6));
    assertThat(other.engine(Coupling.fixed(7), 1, 16, ONE).end().layer(1)[0])
        .isNotEqualTo(expected.end().layer(1)[0]);
  }
}
