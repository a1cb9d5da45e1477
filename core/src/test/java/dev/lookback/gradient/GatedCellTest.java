package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.book.RecurrentTrace;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.cell.GatedCell;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.cell.Step;
import dev.lookback.gradient.CellCase.Kind;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.weights.Weights;
import dev.lookback.window.Links;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells that are written down as their arithmetic have the gradients of the book. */
class GatedCellTest {
  private static final Team TEAM = Team.of(2);
  private static final int CASES = 16;

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Cell written(Cell cell) {
    if (cell instanceof Lstm lstm) {
      return new WrittenLstm(lstm.inputs(), lstm.hidden(), lstm.biases(), lstm.learnsState());
    } else if (cell instanceof Gru gru) {
      return new WrittenGru(gru.inputs(), gru.hidden(), gru.biases(), gru.learnsState());
    }
    return cell;
  }

  private static CellCase written(CellCase c) {
    Network of = c.network();
    List<Cell> cells = of.cells().stream().map(GatedCellTest::written).toList();
    Network network = new Network(cells, of.readout(), of.embedding(), of.dropout());
    Weights weights = new Weights(network.layout(), c.weights().values());
    return new CellCase(network, weights, c.window(), c.state(), c.dropping());
  }

  private static List<Coupling> couplings(CellCase c) {
    float[] perLane = new float[c.steps() * c.lanes()];
    for (int i = 0; i < perLane.length; i++) {
      perLane[i] = Randomness.of(98).uniform(i) < 0.3 ? 0 : 1.25f;
    }
    return List.of(
        Coupling.full(),
        Coupling.fixed(3),
        Coupling.sliding(3, 7),
        Coupling.given(Links.perLane(perLane, c.lanes())));
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"LSTM", "GRU_BEFORE"})
  void agreesWithTheBook(Kind kind) {
    for (long seed = 0; seed < CASES; seed++) {
      CellCase c = CellCase.draw(seed, List.of(kind));
      CellCase written = written(c);
      RecurrentTrace trace = c.bookTrace();
      for (Coupling coupling : couplings(c)) {
        Coupled coupled = coupling.couple(c.steps(), c.lanes(), Randomness.of(seed));
        for (int blockSteps : new int[] {1, 5}) {
          String what = CellEngineTest.what(coupling, blockSteps, seed, written);
          CellCase.Outcome found = written.engine(coupling, seed, blockSteps, TEAM);
          CellEngineTest.assertAgrees(what, c, found, trace, c.book(trace, coupled));
        }
      }
    }
  }

  // Wide enough that threads share the units of a step and have to wait for each other.
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"LSTM", "GRU_BEFORE"})
  void threadsChangeNoBit(Kind kind) {
    Network network = Network.of(kind.cell(20, 300), Readout.softmax(9));
    for (int lanes : new int[] {1, 6}) {
      CellCase c = written(CellCase.of(network, lanes, 9, false, 5));
      List<float[]> gradients = new ArrayList<>();
      for (int threads = 1; threads <= 3; threads++) {
        try (Team team = Team.of(threads)) {
          gradients.add(c.engine(Coupling.fixed(4), 1, 3, team).gradient());
        }
      }
      assertThat(gradients.get(1)).isEqualTo(gradients.get(0));
      assertThat(gradients.get(2)).isEqualTo(gradients.get(0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3})
  void refusesMoreDirectGatesThanThereAre(int direct) {
    Cell cell = new Direct(direct);
    Network network = Network.of(cell, Readout.softmax(3));
    assertThatThrownBy(() -> cell.recurrence(network.layout(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(direct + " of 2 gates read the state itself: that has to be 0 to 2");
  }

  @Test
  void refusesSizesThatAreNone() {
    for (Cell cell :
        List.of(
            new WrittenLstm(0, 4, Biases.INPUT, false),
            new WrittenLstm(4, 0, Biases.INPUT, false))) {
      assertThatThrownBy(() -> Network.of(cell, Readout.softmax(3)).layout())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "written-lstm[inputs="
                  + cell.inputs()
                  + ", hidden="
                  + cell.hidden()
                  + "] needs at least one of each");
    }
  }

  private record Direct(int direct) implements GatedCell {
    @Override
    public int inputs() {
      return 2;
    }

    @Override
    public int hidden() {
      return 2;
    }

    @Override
    public int gates() {
      return 2;
    }

    @Override
    public String label() {
      return "direct";
    }

    @Override
    public void forward(Step step) {}

    @Override
    public void backward(Step step) {}
  }
}
