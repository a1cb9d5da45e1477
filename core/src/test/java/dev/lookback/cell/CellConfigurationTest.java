package dev.lookback.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** What cells say of themselves. */
class CellConfigurationTest {
  private static Layout layout(Cell cell, int layer) {
    Layout.Builder builder = Layout.builder();
    cell.describe(builder, layer);
    return builder.build();
  }

  private static List<String> tensors(Cell cell) {
    return layout(cell, 2).tensors().stream()
        .map(t -> t.name() + " " + t.rows() + "x" + t.columns())
        .toList();
  }

  @Test
  void sizesBelow1AreRefused() {
    List<BiFunction<Integer, Integer, Cell>> makers = List.of(Elman::of, Lstm::of, Gru::of);
    List<String> names = List.of("Elman", "Lstm", "Gru");
    for (int i = 0; i < makers.size(); i++) {
      BiFunction<Integer, Integer, Cell> maker = makers.get(i);
      assertThatThrownBy(() -> maker.apply(0, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(names.get(i) + "[inputs=0, hidden=3] needs at least one of each");
      assertThatThrownBy(() -> maker.apply(3, 0))
          .hasMessage(names.get(i) + "[inputs=3, hidden=0] needs at least one of each");
      assertThat(maker.apply(1, 1).hidden()).isEqualTo(1);
    }
  }

  @Test
  void tensorsAreNamedAsInPyTorch() {
    assertThat(tensors(Elman.of(3, 4).with(Biases.NONE)))
        .containsExactly("rnn.weight_ih_l2 3x4", "rnn.weight_hh_l2 4x4");
    assertThat(layout(Gru.of(3, 4).withLearnedState(), 2).tensors())
        .extracting(Tensor::name, Tensor::size)
        .containsExactly(
            tuple("rnn.weight_ih_l2", 36),
            tuple("rnn.weight_hh_l2", 48),
            tuple("rnn.bias_ih_l2", 12),
            tuple("rnn.bias_hh_l2", 12),
            tuple("rnn.h0_l2", 4));
    assertThat(Lstm.of(3, 4).withLearnedState().initialStates(7))
        .containsExactly("rnn.h0_l7", "rnn.c0_l7");
    assertThat(Tensors.initialNames(3, 0)).containsExactly("rnn.h0_l0", "rnn.c0_l0", "rnn.s2_l0");
    assertThat(Lstm.of(3, 4).initialStates(0)).isEmpty();
  }

  // By these a trace names what is not finite, and a check-up which gate is saturated.
  @Test
  void quantitiesAreNamedInTheOrderInWhichTheyAreComputed() {
    assertThat(shown(Elman.of(1, 1))).containsExactly("hidden state h TANH");
    assertThat(shown(Elman.of(1, 1).with(Activation.RELU))).containsExactly("hidden state h RELU");
    assertThat(shown(Elman.of(1, 1).with(Activation.IDENTITY)))
        .containsExactly("hidden state h ANY");
    assertThat(shown(Lstm.of(1, 1)))
        .containsExactly(
            "input gate i SIGMOID",
            "forget gate f SIGMOID",
            "candidate g TANH",
            "output gate o SIGMOID",
            "cell state c ANY",
            "tanh of c TANH",
            "hidden state h ANY");
    assertThat(shown(Gru.of(1, 1)))
        .containsExactly(
            "reset gate r SIGMOID",
            "update gate z SIGMOID",
            "recurrent sum u ANY",
            "candidate n TANH",
            "hidden state h ANY");
    assertThat(shown(Gru.original(1, 1))).contains("reset state r h ANY");
  }

  private static List<String> shown(Cell cell) {
    return cell.quantities().stream().map(q -> q.name() + " " + q.range()).toList();
  }

  @Test
  void everyDeltaHasAName() {
    for (Cell cell : List.of(Elman.of(1, 1), Lstm.of(1, 1), Gru.of(1, 1), Gru.original(1, 1))) {
      assertThat(cell.deltas()).hasSize(cell.deltaPlanes()).doesNotHaveDuplicates();
    }
    assertThat(Gru.of(1, 1).deltas()).endsWith("recurrent sum u");
    assertThat(Gru.original(1, 1).deltas()).endsWith("candidate n");
  }

  @Test
  void theSideOfTheResetIsNamedAsInFiles() {
    assertThat(Gru.Reset.AFTER.label()).isEqualTo("after");
    assertThat(Gru.Reset.BEFORE.label()).isEqualTo("before");
  }

  @Test
  void theForgetBiasIsAddedToTheForgetGateAlone() {
    Lstm lstm = Lstm.of(2, 3).withForgetBias(1.5);
    Weights weights = Weights.zeros(layout(lstm, 1));
    Tensor bias = weights.layout().get("rnn.bias_ih_l1");
    weights.values()[bias.offset() + 4] = 0.25f;
    lstm.prepare(weights, 1);
    assertThat(weights.of("rnn.bias_ih_l1"))
        .containsExactly(0, 0, 0, 1.5f, 1.75f, 1.5f, 0, 0, 0, 0, 0, 0);
    assertThat(weights.of("rnn.weight_ih_l1")).containsOnly(0);
    // Without a bias there is nothing to add to.
    Lstm none = lstm.with(Biases.NONE);
    Weights bare = Weights.zeros(layout(none, 1));
    none.prepare(bare, 1);
    assertThat(bare.values()).containsOnly(0);
  }

  @Test
  void aForgetBiasIsANumberOfAFloat() {
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 1e300}) {
      assertThatThrownBy(() -> Lstm.of(2, 3).withForgetBias(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the forget bias is " + bad + " but has to be a number");
    }
    assertThat(Lstm.of(2, 3).withForgetBias(-2).forgetBias()).isEqualTo(-2);
  }

  @Test
  void arraysOfMoreThan2To31NumbersAreRefused() {
    assertThat(Sizes.of(1, 1, Integer.MAX_VALUE - 8)).isEqualTo(Integer.MAX_VALUE - 8);
    assertThatThrownBy(() -> Sizes.of(1, 1, Integer.MAX_VALUE - 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a block of 1 steps of 1 lanes with 2147483640 numbers each");
    // 2^64 + 2^32 of them come out as 2^32 in a long, and 2^66 as 0.
    int large = 1 << 22;
    assertThatThrownBy(() -> Sizes.of(large, large, large))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // What a plan counts is what is allocated.
  @Test
  void bytesAreThoseOfTheArrays() {
    for (Cell cell :
        List.of(
            Elman.of(3, 5),
            Lstm.of(3, 5),
            Lstm.of(3, 5).withLearnedState(),
            Gru.of(3, 5).withLearnedState())) {
      Adjoint adjoint = new Adjoint(cell, 7, 2);
      assertThat(Adjoint.bytes(cell, 7, 2, false)).isEqualTo(adjoint.bytes());
      for (int p = 0; p < cell.planes(); p++) {
        adjoint.previous(p);
      }
      assertThat(Adjoint.bytes(cell, 7, 2, true)).isEqualTo(adjoint.bytes());
      assertThat(Tape.bytes(cell, 7, 2)).isEqualTo(new Tape(cell, 7, 2).bytes());
    }
  }

  @Test
  void aSweepBeginsWithNothingComingBack() {
    Adjoint adjoint = new Adjoint(Lstm.of(3, 5).withLearnedState(), 7, 2);
    for (int p = 0; p < 2; p++) {
      adjoint.carry()[p][3] = 1;
      adjoint.initial()[p][3] = 1;
    }
    adjoint.clearCarry();
    for (int p = 0; p < 2; p++) {
      assertThat(adjoint.carry()[p]).containsOnly(0);
      assertThat(adjoint.initial()[p]).containsOnly(0);
    }
  }
}
