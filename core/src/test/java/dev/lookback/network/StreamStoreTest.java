package dev.lookback.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.math.Randomness;
import dev.lookback.network.StreamCase.Form;
import dev.lookback.network.StreamCase.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams that leave memory and come back. The timeouts are against threads that wait for ever,
 * nothing else.
 */
@Timeout(120)
class StreamStoreTest {
  private static final int THREADS = 8;
  private static final StreamCase CASE = StreamCase.of(Kind.LSTM, 2, Form.ONE_HOT, 1, 1);

  /** What the store throws, before it has done anything. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A store that refuses every so many calls, and knows if two threads are in for one stream. */
  private static final class Store implements StreamStore<Integer> {
    private final Map<Integer, byte[]> saved = new ConcurrentHashMap<>();
    private final Map<Integer, Thread> inside = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger saves = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile int every;
    private volatile boolean broken;

    private Store(int every) {
      this.every = every;
    }

    private void enter(int stream) {
      if (inside.putIfAbsent(stream, Thread.currentThread()) != null) {
        broken = true;
      }
      if (every > 0 && calls.incrementAndGet() % every == 0) {
        refusals.incrementAndGet();
        inside.remove(stream);
        throw new Refused();
      }
    }

    @Override
    public Optional<StreamState> load(Integer stream) {
      enter(stream);
      Optional<StreamState> state = Optional.ofNullable(saved.remove(stream)).map(StreamState::of);
      inside.remove(stream);
      return state;
    }

    @Override
    public void save(Integer stream, StreamState state) {
      enter(stream);
      saved.put(stream, state.bytes());
      saves.incrementAndGet();
      inside.remove(stream);
    }

    @Override
    public boolean remove(Integer stream) {
      enter(stream);
      boolean there = saved.remove(stream) != null;
      inside.remove(stream);
      return there;
    }
  }

  private static StreamPredictor<Integer> fresh() {
    return StreamPredictor.of(CASE.network(), CASE.weights());
  }

  // Tries until the store lets it: what it refuses has changed nothing.
  private static <T> T insist(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (Refused e) {
        Thread.onSpinWait();
      }
    }
  }

  /**
   * Each stream is one thread's, so that its history is known, and all threads push each other's
   * streams out of memory. A predictor with one thread and all streams in memory does the same.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void everyHistoryIsThatOfAStreamAlone(int refusesEvery) throws InterruptedException {
    int own = 6;
    int operations = 400;
    Store store = new Store(refusesEvery);
    StreamPredictor<Integer> some = fresh().atOnce(THREADS).keeping(9, store);
    Together.run(
        THREADS,
        rank -> {
          StreamPredictor<Integer> alone = fresh().atOnce(1);
          Randomness r = Randomness.of(5).with(rank);
          for (int i = 0; i < operations; i++) {
            int stream = rank * own + r.with("stream").below(own, i);
            int next = rank * own + (stream + 1) % own;
            int token = r.with("token").below(StreamCase.SYMBOLS, i);
            int[] two = {token, 2};
            switch (r.with("what").below(10, i)) {
              case 0 -> {
                insist(
                    () -> {
                      some.reset(stream);
                      return 0;
                    });
                alone.reset(stream);
              }
              case 1 ->
                  assertThat(insist(() -> some.forget(stream))).isEqualTo(alone.forget(stream));
              case 2 ->
                  assertThat(insist(() -> some.snapshot(stream))).isEqualTo(alone.snapshot(stream));
              case 3 -> {
                Optional<StreamState> state = insist(() -> some.snapshot(next));
                if (state.isPresent()) {
                  insist(
                      () -> {
                        some.restore(stream, state.get());
                        return 0;
                      });
                  alone.restore(stream, alone.snapshot(next).orElseThrow());
                }
              }
              case 4 ->
                  assertThat(insist(() -> some.steps(stream, two)))
                      .isEqualTo(alone.steps(stream, two));
              case 5, 6 ->
                  assertThat(insist(() -> some.stepAll(List.of(next, stream), two)))
                      .isEqualTo(alone.stepAll(List.of(next, stream), two));
              default ->
                  assertThat(insist(() -> some.step(stream, token)))
                      .isEqualTo(alone.step(stream, token));
            }
            assertThat(some.size()).isLessThanOrEqualTo(9 + THREADS);
          }
        });
    assertThat(store.broken).isFalse();
    assertThat(some.size()).isLessThanOrEqualTo(9);
    assertThat(store.saves).hasPositiveValue();
    assertThat(store.refusals.get() > 0).isEqualTo(refusesEvery > 0);
  }

  /** All threads step the same few streams: every step of each is made exactly once. */
  @Test
  void noStepIsLostOrMadeTwice() throws InterruptedException {
    int steps = 300;
    int streams = 12;
    StreamPredictor<Integer> alone = fresh();
    List<StreamState> after = new ArrayList<>();
    for (int t = 0; t < THREADS * steps; t++) {
      alone.step(0, 3);
      after.add(alone.snapshot(0).orElseThrow());
    }
    Store store = new Store(11);
    StreamPredictor<Integer> some = fresh().atOnce(THREADS).keeping(4, store);
    AtomicInteger[] made = new AtomicInteger[streams];
    Arrays.setAll(made, s -> new AtomicInteger());
    Together.run(
        THREADS,
        rank -> {
          for (int t = 0; t < steps; t++) {
            int stream = Randomness.of(6).with(rank).below(streams, t);
            insist(() -> some.step(stream, 3));
            made[stream].incrementAndGet();
          }
        });
    store.every = 0;
    for (int s = 0; s < streams; s++) {
      assertThat(some.snapshot(s)).contains(after.get(made[s].get() - 1));
    }
    assertThat(store.broken).isFalse();
  }

  @Test
  void aStreamIsHeldUntilItsStateIsHandedOver() throws InterruptedException {
    for (boolean step : new boolean[] {false, true}) {
      List<Thread.State> seen = new ArrayList<>();
      List<Thread> started = new ArrayList<>();
      List<StreamPredictor<Integer>> self = new ArrayList<>();
      StreamPredictor<Integer> predictor =
          fresh()
              .keeping(
                  1,
                  (stream, state) -> {
                    if (started.isEmpty()) {
                      Thread other =
                          new Thread(
                              () -> {
                                if (step) {
                                  self.get(0).step(stream, 1);
                                } else {
                                  self.get(0).snapshot(stream);
                                }
                              });
                      started.add(other);
                      other.start();
                      while (other.getState() != Thread.State.WAITING
                          && other.getState() != Thread.State.TERMINATED) {
                        Thread.onSpinWait();
                      }
                      seen.add(other.getState());
                    }
                  });
      self.add(predictor);
      predictor.step(1, 1);
      predictor.step(2, 1);
      started.get(0).join();
      assertThat(seen).containsExactly(Thread.State.WAITING);
      assertThat(predictor.size()).isEqualTo(1);
    }
  }

  @Test
  void aStateThatCannotBeHandedOverStays() {
    List<Integer> told = new ArrayList<>();
    StreamPredictor<Integer> predictor =
        fresh()
            .keeping(
                2,
                (stream, state) -> {
                  told.add(stream);
                  if (told.size() == 1) {
                    throw new Refused();
                  }
                });
    predictor.step(1, 1);
    predictor.step(2, 1);
    Optional<StreamState> before = predictor.snapshot(1);
    assertThatThrownBy(() -> predictor.step(3, 1)).isInstanceOf(Refused.class);
    assertThat(predictor.streams()).containsExactlyInAnyOrder(1, 2);
    assertThat(predictor.snapshot(1)).isEqualTo(before);
    assertThat(predictor.snapshot(3)).isEmpty();
    predictor.step(3, 1);
    assertThat(predictor.streams()).contains(3).hasSize(2);
    assertThat(predictor.step(3, 1)).isNotEqualTo(predictor.step(3, 1));
  }

  @Test
  void whatCannotBeLoadedDoesNotBegin() {
    Store store = new Store(0);
    StreamPredictor<Integer> predictor = fresh().keeping(2, store);
    StreamPredictor<Integer> alone = fresh();
    for (int stream = 0; stream < 3; stream++) {
      predictor.step(stream, 1);
    }
    alone.step(0, 1);
    store.every = 1;
    assertThatThrownBy(() -> predictor.step(0, 2)).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> predictor.stepAll(List.of(2, 0), new int[2]))
        .isInstanceOf(Refused.class);
    assertThatThrownBy(() -> predictor.snapshot(0)).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> predictor.forget(0)).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> predictor.forget(1)).isInstanceOf(Refused.class);
    assertThat(predictor.streams()).containsExactlyInAnyOrder(1, 2);
    store.every = 0;
    assertThat(predictor.step(0, 2)).isEqualTo(alone.step(0, 2));
  }

  @Test
  void aDamagedStateCanBeReplaced() {
    Store store = new Store(0);
    StreamPredictor<Integer> predictor = fresh().keeping(1, store);
    StreamPredictor<Integer> alone = fresh();
    predictor.step(0, 1);
    predictor.step(1, 1);
    byte[] bytes = Optional.ofNullable(store.saved.get(0)).orElseThrow().clone();
    StreamState good = StreamState.of(bytes);
    bytes[20] ^= 1;
    store.saved.put(0, bytes);
    assertThatThrownBy(() -> predictor.step(0, 1)).hasMessageContaining("damaged");
    store.saved.put(0, bytes);
    predictor.restore(0, good);
    alone.step(0, 1);
    assertThat(predictor.step(0, 2)).isEqualTo(alone.step(0, 2));
    predictor.step(1, 1);
    store.saved.put(0, bytes);
    predictor.reset(0);
    alone.reset(0);
    assertThat(predictor.step(0, 2)).isEqualTo(alone.step(0, 2));
    StreamCase other = StreamCase.of(Kind.GRU, 1, Form.ONE_HOT, 1, 1);
    StreamPredictor<Integer> gru = StreamPredictor.of(other.network(), other.weights());
    gru.step(0, 1);
    store.saved.put(5, gru.snapshot(0).orElseThrow().bytes());
    assertThatThrownBy(() -> predictor.step(5, 1)).hasMessageContaining("but the network needs");
  }

  @Test
  void aStreamIsForgottenInTheStoreToo() {
    Store store = new Store(0);
    StreamPredictor<Integer> predictor = fresh().keeping(1, store);
    predictor.step(0, 1);
    predictor.step(1, 1);
    assertThat(predictor.forget(0)).isTrue();
    assertThat(store.saved).isEmpty();
    assertThat(predictor.forget(0)).isFalse();
    assertThat(predictor.snapshot(0)).isEmpty();
    assertThat(predictor.forget(1)).isTrue();
    assertThat(predictor.step(0, 1)).isEqualTo(fresh().step(0, 1));
  }

  @Test
  void whoHandsOverMayNotUseTheStreams() {
    List<StreamPredictor<Integer>> self = new ArrayList<>();
    StreamPredictor<Integer> predictor =
        fresh().keeping(1, (stream, state) -> self.get(0).step(7, 1));
    self.add(predictor);
    predictor.step(0, 1);
    assertThatThrownBy(() -> predictor.step(1, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("it would wait for one that waits for it");
    assertThat(predictor.streams()).containsExactly(0);
  }
}
