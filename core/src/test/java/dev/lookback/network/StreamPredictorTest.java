package dev.lookback.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.Meter;
import dev.lookback.cell.Elman;
import dev.lookback.math.Team;
import dev.lookback.network.StreamCase.Form;
import dev.lookback.network.StreamCase.Kind;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams by id give what whole windows give, to the bit, however they are stepped. */
class StreamPredictorTest {
  // More than a block of a sequence.
  private static final int STEPS = 41;
  private static final int STREAMS = 11;
  private static final Team TEAM = Team.of(2);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  static Stream<StreamCase> cases() {
    return Arrays.stream(Kind.values())
        .flatMap(
            kind ->
                Arrays.stream(Form.values())
                    .flatMap(
                        form ->
                            IntStream.rangeClosed(1, 3)
                                .mapToObj(l -> StreamCase.of(kind, l, form, STREAMS, STEPS))));
  }

  private static StreamCase small() {
    return StreamCase.of(Kind.LSTM, 2, Form.ONE_HOT, 4, STEPS);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSameBitsHoweverTheStreamsAreStepped(StreamCase c) {
    StreamPredictor<Integer> single = StreamPredictor.of(c.network(), c.weights());
    StreamPredictor<Integer> sequences = StreamPredictor.of(c.network(), c.weights(), TEAM);
    StreamPredictor<Integer> together = StreamPredictor.of(c.network(), c.weights());
    List<float[]> wholes = wholes(c);
    List<Integer> ids = IntStream.range(0, STREAMS).boxed().toList();
    for (int t = 0; t < STEPS; t++) {
      float[] all = c.stepAll(together, ids, t);
      for (int s = 0; s < STREAMS; s++) {
        float[] expected = c.at(wholes.get(s), t);
        assertThat(c.step(single, s, t)).isEqualTo(expected);
        assertThat(c.at(all, s)).isEqualTo(expected);
      }
    }
    for (int s = 0; s < STREAMS; s++) {
      State end = c.begin();
      float[] whole = c.whole(s, end, TEAM);
      float[] first = c.steps(sequences, s, 0, 3);
      float[] rest = c.steps(sequences, s, 3, STEPS);
      assertThat(first).isEqualTo(Arrays.copyOf(whole, first.length));
      assertThat(rest).isEqualTo(Arrays.copyOfRange(whole, first.length, whole.length));
      for (StreamPredictor<Integer> predictor : List.of(single, sequences, together)) {
        assertThat(predictor.snapshot(s)).contains(StreamState.of(end));
      }
    }
  }

  private static List<float[]> wholes(StreamCase c) {
    return IntStream.range(0, STREAMS).mapToObj(s -> c.whole(s, c.begin(), TEAM)).toList();
  }

  @Test
  void someOfTheStreamsAtATimeInAnyOrder() {
    StreamCase c = StreamCase.of(Kind.GRU, 2, Form.ROWS, STREAMS, STEPS);
    StreamPredictor<Integer> predictor = StreamPredictor.of(c.network(), c.weights());
    List<float[]> wholes = wholes(c);
    int[] t = new int[STREAMS];
    for (int call = 0; call < 60; call++) {
      // Those that are the least far, last id first; on every third call half of them.
      int least = Arrays.stream(t).min().orElseThrow();
      List<Integer> ids = new ArrayList<>();
      for (int s = STREAMS - 1; s >= 0; s--) {
        if (t[s] == least) {
          ids.add(s);
        }
      }
      ids = call % 3 == 0 ? ids.subList(0, (ids.size() + 1) / 2) : ids;
      float[] all = c.stepAll(predictor, ids, least);
      for (int i = 0; i < ids.size(); i++) {
        assertThat(c.at(all, i)).isEqualTo(c.at(wholes.get(ids.get(i)), least));
        t[ids.get(i)]++;
      }
    }
    assertThat(Arrays.stream(t).max().orElseThrow()).isGreaterThan(20);
    assertThat(predictor.stepAll(List.of(), new float[0])).isEmpty();
  }

  @Test
  void aStreamBeginsAgainWhereItIsResetOrForgotten() {
    StreamCase c = small();
    StreamPredictor<Integer> predictor = StreamPredictor.of(c.network(), c.weights());
    float[] first = c.step(predictor, 0, 0);
    assertThat(c.step(predictor, 0, 0)).isNotEqualTo(first);
    predictor.reset(0);
    assertThat(predictor.snapshot(0)).contains(StreamState.of(c.begin()));
    assertThat(c.step(predictor, 0, 0)).isEqualTo(first);
    assertThat(predictor.forget(0)).isTrue();
    assertThat(predictor.forget(0)).isFalse();
    assertThat(predictor.snapshot(0)).isEmpty();
    assertThat(predictor.size()).isZero();
    assertThat(c.step(predictor, 0, 0)).isEqualTo(first);
    assertThat(predictor.streams()).containsExactly(0);
  }

  @Test
  void laterChangesOfTheWeightsDoNotMatter() {
    StreamCase c = small();
    StreamPredictor<Integer> predictor = StreamPredictor.of(c.network(), c.weights());
    float[] expected = c.whole(0, c.begin(), TEAM);
    Arrays.fill(c.weights().values(), 3);
    assertThat(c.steps(predictor, 0, 0, STEPS)).isEqualTo(expected);
  }

  @Test
  void theStreamThatWasUsedLongestAgoIsForgottenAndTold() {
    StreamCase c = small();
    List<Integer> forgotten = new ArrayList<>();
    List<StreamState> states = new ArrayList<>();
    StreamPredictor<Integer> predictor =
        StreamPredictor.<Integer>of(c.network(), c.weights())
            .keeping(
                2,
                (stream, state) -> {
                  forgotten.add(stream);
                  states.add(state);
                });
    c.step(predictor, 0, 0);
    c.step(predictor, 1, 0);
    c.step(predictor, 0, 1);
    Optional<StreamState> last = predictor.snapshot(1);
    c.step(predictor, 0, 2);
    c.step(predictor, 2, 0);
    assertThat(forgotten).containsExactly(1);
    assertThat(states).containsExactly(last.orElseThrow());
    assertThat(predictor.streams()).containsExactlyInAnyOrder(0, 2);
    assertThat(predictor.size()).isEqualTo(2);

    // Back again with what was told, it goes on where it was.
    predictor.restore(1, states.get(0));
    assertThat(c.step(predictor, 1, 1)).isEqualTo(c.at(c.whole(1, c.begin(), TEAM), 1));
    assertThat(forgotten).containsExactly(1, 0);
    predictor.forget(2);
    c.step(predictor, 3, 0);
    assertThat(forgotten).containsExactly(1, 0);
    assertThatThrownBy(() -> c.stepAll(predictor, List.of(0, 1, 2), 0))
        .hasMessage("3 at once are more than the 2 that are kept: keep more");
  }

  @Test
  void aSnapshotGoesOnInAnotherPredictor() {
    for (Kind kind : Kind.values()) {
      StreamCase c = StreamCase.of(kind, 3, Form.EMBEDDED, 2, STEPS);
      float[] whole = c.whole(0, c.begin(), TEAM);
      StreamPredictor<Integer> here = StreamPredictor.of(c.network(), c.weights());
      c.steps(here, 0, 0, 20);
      byte[] bytes = here.snapshot(0).orElseThrow().bytes();
      StreamPredictor<String> there = StreamPredictor.of(c.network(), c.weights());
      there.restore("moved", StreamState.of(bytes));
      for (int t = 20; t < STEPS; t++) {
        assertThat(c.step(there, "moved", 0, t)).isEqualTo(c.at(whole, t));
      }
    }
  }

  @Test
  void whatTheNetworkCannotReadIsRefusedAndNothingMoves() {
    StreamCase c = small();
    StreamPredictor<Integer> predictor = StreamPredictor.of(c.network(), c.weights());
    c.step(predictor, 0, 0);
    StreamState before = predictor.snapshot(0).orElseThrow();
    String vocabulary = ": encode with the vocabulary that it was trained with";
    refused(() -> predictor.step(0, 7), "the token is 7 but the network knows 0 to 6" + vocabulary);
    refused(
        () -> predictor.steps(0, new int[] {1, 2, -1}),
        "token 2 is -1 but the network knows 0 to 6" + vocabulary);
    refused(
        () -> predictor.step(0, new float[6]),
        "x has 6 numbers but the network takes 7: pass one row [D = 7]");
    refused(
        () -> predictor.steps(0, new float[15]),
        "x has 15 numbers but the network takes rows of 7: pass whole rows, one after another");
    String mend = " but only finite numbers can be used: mend or replace it; no state has changed";
    refused(
        () -> predictor.step(0, new float[] {0, 0, Float.NaN, 0, 0, 0, 0}), "x[2] is NaN" + mend);
    refused(
        () -> predictor.steps(0, new float[] {0, 0, 0, 0, 0, 0, Float.NEGATIVE_INFINITY}),
        "x[6] is -Infinity" + mend);
    refused(
        () -> predictor.step(0, 1, new float[5]),
        "the array for the outputs has room for 5 numbers but 6 are needed");
    refused(
        () -> predictor.stepAll(List.of(0, 1), new int[3]),
        "2 streams have 3 inputs but each needs one");
    refused(
        () -> predictor.stepAll(List.of(0, 1, 0), new int[3]), "0 stands twice: name each once");
    assertThat(predictor.snapshot(0)).contains(before);
    // What was refused holds nothing: the streams can be used.
    predictor.stepAll(List.of(0, 1), new int[2]);

    StreamCase embedded = StreamCase.of(Kind.GRU, 1, Form.EMBEDDED, 1, 2);
    StreamPredictor<Integer> tokens = StreamPredictor.of(embedded.network(), embedded.weights());
    refused(
        () -> tokens.step(0, new float[5]),
        "x is numbers but the network has an embedding: pass token ids from 0 to 6");
    refused(
        () -> predictor.keeping(0, (stream, state) -> {}),
        "at most 0 streams would be kept but 1 or more are needed: keep thousands");
    refused(() -> predictor.atOnce(0), "0 threads would step at once but 1 or more are needed");
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @ParameterizedTest
  @EnumSource
  void aStepIntoTheCallersArrayAllocatesNothing(Kind kind) {
    for (Form form : Form.values()) {
      StreamCase c = StreamCase.of(kind, 2, form, 3, 4);
      StreamPredictor<Integer> all = StreamPredictor.of(c.network(), c.weights());
      StreamPredictor<Integer> some = all.keeping(2, (stream, state) -> {});
      assertThat(bytesOfAStep(all, form)).isZero();
      assertThat(bytesOfAStep(some, form)).isZero();
    }
  }

  // Vectors are objects until the compiler has done its work, which it does beside us.
  private static long bytesOfAStep(StreamPredictor<Integer> predictor, Form form) {
    float[] outputs = new float[predictor.outputs()];
    float[] row = new float[StreamCase.SYMBOLS];
    long bytes = Long.MAX_VALUE;
    for (int round = 0; round < 2000 && bytes >= 1; round++) {
      long before = Meter.read();
      for (int i = 0; i < 100; i++) {
        if (form == Form.ROWS) {
          predictor.step(i % 2, row, outputs);
        } else {
          predictor.step(i % 2, i % StreamCase.SYMBOLS, outputs);
        }
      }
      bytes = (Meter.read() - before) / 100;
    }
    return bytes;
  }

  @Test
  void namesItsNetwork() {
    Network network = Network.of(Elman.of(3, 4), Readout.linear(2));
    Weights weights = network.initialize(Initialization.uniform(), 1);
    StreamPredictor<String> predictor = StreamPredictor.of(network, weights);
    assertThat(predictor.network()).isEqualTo(network);
    assertThat(predictor.outputs()).isEqualTo(2);
    assertThat(Predictor.softmax(new float[] {0, 0})).containsExactly(0.5, 0.5);
  }

  @Test
  void aWarmUpTouchesNoStream() {
    StreamCase c = small();
    StreamPredictor<Integer> predictor = StreamPredictor.of(c.network(), c.weights());
    c.step(predictor, 0, 0);
    Optional<StreamState> before = predictor.snapshot(0);
    predictor.warmUp(3);
    assertThat(predictor.streams()).containsExactly(0);
    assertThat(predictor.snapshot(0)).isEqualTo(before);
    assertThat(c.step(predictor, 0, 1)).isEqualTo(c.at(c.whole(0, c.begin(), TEAM), 1));
    assertThatThrownBy(() -> predictor.warmUp(-1)).hasMessageContaining("0 or more");
  }
}
