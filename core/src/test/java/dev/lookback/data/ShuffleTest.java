package dev.lookback.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.math.Randomness;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {

  @Test
  void everyNumberComesOnce() {
    IntStream.concat(IntStream.rangeClosed(1, 130), IntStream.of(1_000, 4_096, 4_097, 20_000))
        .forEach(
            n -> {
              Shuffle shuffle = new Shuffle(Randomness.of(n), n);
              assertThat(LongStream.range(0, n).map(shuffle::at).sorted())
                  .containsExactlyElementsOf(LongStream.range(0, n).boxed().toList());
            });
  }

  @Test
  void everyNumberIsAboutAsLikelyInEveryPlace() {
    int n = 10;
    int draws = 20_000;
    int[][] seen = new int[n][n];
    for (int draw = 0; draw < draws; draw++) {
      Shuffle shuffle = new Shuffle(Randomness.of(1).with(draw), n);
      for (int place = 0; place < n; place++) {
        seen[place][(int) shuffle.at(place)]++;
      }
    }
    // Five standard deviations of a count with mean 2,000.
    for (int[] place : seen) {
      assertThat(IntStream.of(place)).allMatch(count -> Math.abs(count - draws / n) < 5 * 42.5);
    }
  }
}
