package dev.lookback.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Adjoint;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Recurrence;
import dev.lookback.cell.Span;
import dev.lookback.cell.Tape;
import dev.lookback.math.Team;
import dev.lookback.network.StreamCase.Form;
import dev.lookback.network.StreamCase.Kind;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads at once. The timeouts are against threads that wait for ever, nothing else. */
@Timeout(120)
class StreamThreadsTest {
  private static final int THREADS = 8;

  @ParameterizedTest
  @EnumSource
  void eachThreadItsStreamsGivesTheBitsOfOneThread(Kind kind) throws InterruptedException {
    int steps = 60;
    StreamCase c = StreamCase.of(kind, 2, Form.ONE_HOT, 5 * THREADS, steps);
    List<float[]> whole = new ArrayList<>();
    try (Team team = Team.of(1)) {
      for (int s = 0; s < 5 * THREADS; s++) {
        whole.add(c.whole(s, c.begin(), team));
      }
    }
    for (int engines : new int[] {1, 3, THREADS}) {
      StreamPredictor<Integer> predictor =
          StreamPredictor.<Integer>of(c.network(), c.weights()).atOnce(engines);
      Together.run(
          THREADS,
          rank -> {
            List<Integer> three = List.of(5 * rank + 2, 5 * rank + 3, 5 * rank + 4);
            for (int t = 0; t < steps; t++) {
              for (int s = 5 * rank; s < 5 * rank + 2; s++) {
                assertThat(c.step(predictor, s, t)).isEqualTo(c.at(whole.get(s), t));
              }
              float[] all = c.stepAll(predictor, three, t);
              for (int i = 0; i < 3; i++) {
                assertThat(c.at(all, i)).isEqualTo(c.at(whole.get(three.get(i)), t));
              }
            }
          });
      assertThat(predictor.size()).isEqualTo(5 * THREADS);
    }
  }

  // Every step of the stream is done once, whoever does it: the outputs are those of one thread.
  @Test
  void threadsOnTheSameStreamTakeTurns() throws InterruptedException {
    int steps = 40;
    StreamCase c = StreamCase.of(Kind.LSTM, 2, Form.EMBEDDED, 1, 1);
    StreamPredictor<Integer> alone = StreamPredictor.of(c.network(), c.weights());
    StreamPredictor<Integer> shared =
        StreamPredictor.<Integer>of(c.network(), c.weights()).atOnce(THREADS);
    List<List<Float>> expected = new ArrayList<>();
    for (int t = 0; t < steps * THREADS; t++) {
      expected.add(boxed(alone.step(0, 3)));
    }
    List<List<Float>> found = Collections.synchronizedList(new ArrayList<>());
    Together.run(
        THREADS,
        rank -> {
          for (int t = 0; t < steps; t++) {
            found.add(boxed(shared.step(0, 3)));
          }
        });
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(shared.snapshot(0)).isEqualTo(alone.snapshot(0));
  }

  private static List<Float> boxed(float[] outputs) {
    return IntStream.range(0, outputs.length).mapToObj(i -> outputs[i]).toList();
  }

  // Each call holds all its streams, in whatever order they are named.
  @Test
  void callsOverTheSameStreamsDoNotWaitForEachOtherInACircle() throws InterruptedException {
    int calls = 300;
    StreamCase c = StreamCase.of(Kind.GRU, 1, Form.ONE_HOT, 1, 1);
    StreamPredictor<Integer> alone = StreamPredictor.of(c.network(), c.weights());
    StreamPredictor<Integer> shared =
        StreamPredictor.<Integer>of(c.network(), c.weights()).atOnce(THREADS);
    for (int t = 0; t < calls * 4; t++) {
      alone.step(0, 2);
    }
    List<List<Integer>> orders =
        List.of(List.of(0, 1, 2), List.of(2, 1, 0), List.of(1, 2, 0), List.of(2, 0, 1));
    Together.run(
        4,
        rank -> {
          for (int t = 0; t < calls; t++) {
            shared.stepAll(orders.get(rank), new int[] {2, 2, 2});
          }
        });
    for (int s = 0; s < 3; s++) {
      assertThat(shared.snapshot(s)).isEqualTo(alone.snapshot(0));
    }
  }

  // h_t = h_{t-1} + 1: a state is the number of its steps.
  private static Network counting(Cell cell) {
    return Network.of(cell, Readout.linear(1));
  }

  private static Weights ones(Network network) {
    Weights weights = Weights.zeros(network.layout());
    weights.values()[network.layout().get("rnn.weight_hh_l0").offset()] = 1;
    weights.values()[network.layout().get("rnn.bias_ih_l0").offset()] = 1;
    weights.values()[network.layout().get("decoder.weight").offset()] = 1;
    return weights;
  }

  @Test
  void noStepIsLostWhereStreamsAreForgottenAllTheTime() throws InterruptedException {
    int steps = 500;
    Network network = counting(Elman.of(2, 1).with(Activation.IDENTITY));
    Map<Integer, AtomicInteger> told = new ConcurrentHashMap<>();
    StreamPredictor<Integer> predictor =
        StreamPredictor.<Integer>of(network, ones(network))
            .atOnce(THREADS)
            .keeping(
                3,
                (stream, state) ->
                    told.computeIfAbsent(stream, s -> new AtomicInteger())
                        .addAndGet((int) state.numbers()[0]));
    Together.run(
        THREADS,
        rank -> {
          for (int t = 0; t < steps; t++) {
            predictor.step((rank + t * t) % 10, 1);
          }
        });
    assertThat(predictor.size()).isEqualTo(3);
    int kept = 0;
    for (int stream : predictor.streams()) {
      kept += (int) predictor.snapshot(stream).orElseThrow().numbers()[0];
    }
    int gone = told.values().stream().mapToInt(AtomicInteger::get).sum();
    assertThat(kept + gone).isEqualTo(THREADS * steps);
    assertThat(gone).isPositive();
  }

  @Test
  void streamsAreSteppedAtTheSameMoment() throws InterruptedException {
    // Nobody leaves a step before all are in one.
    CyclicBarrier met = new CyclicBarrier(3);
    Network network =
        counting(
            new Watched(
                Elman.of(2, 1).with(Activation.IDENTITY),
                () -> {
                  try {
                    met.await();
                  } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                  }
                }));
    StreamPredictor<Integer> predictor =
        StreamPredictor.<Integer>of(network, ones(network)).atOnce(3);
    Together.run(3, rank -> assertThat(predictor.step(rank, 1)).containsExactly(1f));
  }

  @Test
  void aSecondThreadWaitsForTheStreamNotForOthers() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger entered = new AtomicInteger();
    Network network =
        counting(
            new Watched(
                Elman.of(2, 1).with(Activation.IDENTITY),
                () -> {
                  if (entered.getAndIncrement() == 0) {
                    inside.countDown();
                    await(goOn);
                  }
                }));
    StreamPredictor<String> predictor =
        StreamPredictor.<String>of(network, ones(network)).atOnce(3);
    Thread first = new Thread(() -> predictor.step("a", 1));
    first.start();
    inside.await();
    List<Float> second = Collections.synchronizedList(new ArrayList<>());
    Thread waiting = new Thread(() -> second.add(predictor.step("a", 1)[0]));
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(entered).hasValue(1);
    assertThat(predictor.step("b", 1)).containsExactly(1f);
    goOn.countDown();
    first.join();
    waiting.join();
    assertThat(second).containsExactly(2f);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aStepThatFailsHoldsNothing() {
    AtomicInteger entered = new AtomicInteger();
    Network network =
        counting(
            new Watched(
                Elman.of(2, 1).with(Activation.IDENTITY),
                () -> {
                  if (entered.incrementAndGet() == 2) {
                    throw new IllegalStateException("the second fails");
                  }
                }));
    StreamPredictor<String> predictor =
        StreamPredictor.<String>of(network, ones(network)).atOnce(1);
    assertThat(predictor.step("a", 1)).containsExactly(1f);
    Optional<IllegalStateException> thrown = Optional.empty();
    try {
      predictor.step("a", 1);
    } catch (IllegalStateException e) {
      thrown = Optional.of(e);
    }
    assertThat(thrown).isPresent();
    assertThat(predictor.step("a", 1)).containsExactly(2f);
  }

  /** A cell that is watched at every step of a stream. */
  private record Watched(Elman cell, Runnable watch) implements Cell {
    @Override
    public int inputs() {
      return cell.inputs();
    }

    @Override
    public int hidden() {
      return cell.hidden();
    }

    @Override
    public int planes() {
      return cell.planes();
    }

    @Override
    public int gates() {
      return cell.gates();
    }

    @Override
    public int gatePlanes() {
      return cell.gatePlanes();
    }

    @Override
    public int deltaPlanes() {
      return cell.deltaPlanes();
    }

    @Override
    public boolean learnsState() {
      return cell.learnsState();
    }

    @Override
    public String label() {
      return "watched";
    }

    @Override
    public void describe(Layout.Builder builder, int layer) {
      cell.describe(builder, layer);
    }

    @Override
    public Cell withLearnedState() {
      return new Watched(cell.withLearnedState(), watch);
    }

    @Override
    public Recurrence recurrence(Layout layout, int layer) {
      Recurrence inner = cell.recurrence(layout, layer);
      return new Recurrence() {
        @Override
        public void pack(Weights weights, Team team) {
          inner.pack(weights, team);
        }

        @Override
        public void forward(Span span, Tape tape, Team team) {
          watch.run();
          inner.forward(span, tape, team);
        }

        @Override
        public void backward(
            Span span,
            Tape tape,
            Adjoint adjoint,
            Optional<float[]> dx,
            Weights gradient,
            Team team) {
          inner.backward(span, tape, adjoint, dx, gradient, team);
        }

        @Override
        public void finish(Adjoint adjoint, int lanes, Weights gradient) {
          inner.finish(adjoint, lanes, gradient);
        }
      };
    }
  }
}
