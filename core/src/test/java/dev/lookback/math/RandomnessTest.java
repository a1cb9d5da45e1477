package dev.lookback.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomnessTest {

  @Test
  void aDrawIsAFunctionOfSeedPurposeAndIndex() {
    Randomness one = Randomness.of(1).with("xi").with(7);
    assertThat(one.uniform(3)).isEqualTo(Randomness.of(1).with("xi").with(7).uniform(3));
    assertThat(one.uniform(3)).isNotEqualTo(one.uniform(4));
    assertThat(one.uniform(3)).isNotEqualTo(Randomness.of(2).with("xi").with(7).uniform(3));
    assertThat(one.uniform(3)).isNotEqualTo(Randomness.of(1).with("offset").with(7).uniform(3));
  }

  @Test
  void neighbouringIndicesDoNotCollide() {
    Set<Long> seen = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      for (int a = 0; a < 50; a++) {
        for (int b = 0; b < 50; b++) {
          seen.add(Randomness.of(seed).with(a).bits(b));
        }
      }
    }
    assertThat(seen).hasSize(20 * 50 * 50);
  }

  @Test
  void momentsAreThoseOfTheDistributions() {
    Randomness randomness = Randomness.of(5);
    int n = 100_000;
    double uniform = 0;
    double normal = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      uniform += randomness.uniform(i);
      double g = randomness.with("g").gaussian(i);
      normal += g;
      square += g * g;
    }
    assertThat(uniform / n).isCloseTo(0.5, within(0.005));
    assertThat(normal / n).isCloseTo(0, within(0.015));
    assertThat(square / n).isCloseTo(1, within(0.02));
  }

  @Test
  void wholeNumbersStayBelowTheirBoundAndReachIt() {
    int[] counts = new int[7];
    for (int i = 0; i < 7000; i++) {
      counts[Randomness.of(3).below(7, i)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(850, 1150);
    }
  }

  @Test
  void aPermutationHoldsEveryNumberOnce() {
    int[] order = Randomness.of(9).permutation(100);
    assertThat(order).doesNotHaveDuplicates().hasSize(100);
    assertThat(order[0] == 0 && order[1] == 1 && order[2] == 2).isFalse();
  }
}
