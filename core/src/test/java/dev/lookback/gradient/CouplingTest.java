package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.gradient.Coupling.Promise;
import dev.lookback.math.Randomness;
import dev.lookback.window.Links;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CouplingTest {
  private static final Randomness SEED = Randomness.of(1);

  private static Coupled couple(Coupling coupling, int steps) {
    return coupling.couple(steps, 3, SEED);
  }

  private static List<Sweep> sweeps(int... bounds) {
    List<Sweep> sweeps = new ArrayList<>();
    for (int i = 0; i < bounds.length; i += 3) {
      sweeps.add(new Sweep(bounds[i], bounds[i + 1], bounds[i + 2]));
    }
    return sweeps;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 35})
  void fullIsOneSweepOverWholeLinks(int steps) {
    Coupled coupled = couple(Coupling.full(), steps);
    float[] ones = new float[steps];
    Arrays.fill(ones, 1);
    assertThat(coupled.links().toArray()).containsExactly(ones);
    assertThat(coupled.sweeps()).containsExactly(new Sweep(0, steps, 0));
    assertThat(coupled.longestSegment()).isEqualTo(steps);
  }

  @Test
  void fixedCutsEveryTauThLinkCountedFromTheWindowsStart() {
    Coupled seven = couple(Coupling.fixed(3), 7);
    assertThat(seven.links().toArray()).containsExactly(1, 1, 1, 0, 1, 1, 0);
    assertThat(seven.sweeps()).isEqualTo(sweeps(0, 3, 0, 3, 6, 3, 6, 7, 6));
    assertThat(seven.longestSegment()).isEqualTo(3);
    Coupled six = couple(Coupling.fixed(3), 6);
    assertThat(six.links().toArray()).containsExactly(1, 1, 1, 0, 1, 1);
    assertThat(six.sweeps()).isEqualTo(sweeps(0, 3, 0, 3, 6, 3));
    assertThat(couple(Coupling.fixed(1), 3).links().toArray()).containsExactly(1, 0, 0);
    assertThat(couple(Coupling.fixed(3), 3)).usingRecursiveComparison().isEqualTo(full(3));
    assertThat(couple(Coupling.fixed(Integer.MAX_VALUE), 5))
        .usingRecursiveComparison()
        .isEqualTo(full(5));
  }

  private static Coupled full(int steps) {
    return couple(Coupling.full(), steps);
  }

  @Test
  void slidingInjectsK1LossesAndGoesBackK2Steps() {
    assertThat(couple(Coupling.sliding(3, 6), 12).sweeps())
        .isEqualTo(sweeps(0, 3, 0, 3, 6, 0, 6, 9, 3, 9, 12, 6));
    // The last sweep, shorter in losses, still goes back k2 steps.
    assertThat(couple(Coupling.sliding(4, 5), 10).sweeps())
        .isEqualTo(sweeps(0, 4, 0, 4, 8, 3, 8, 10, 5));
    assertThat(couple(Coupling.sliding(3, 3), 7).sweeps())
        .isEqualTo(sweeps(0, 3, 0, 3, 6, 3, 6, 7, 4));
    assertThat(couple(Coupling.sliding(1, 2), 4).sweeps())
        .isEqualTo(sweeps(0, 1, 0, 1, 2, 0, 2, 3, 1, 3, 4, 2));
    Coupled beyond = couple(Coupling.sliding(9, 20), 5);
    assertThat(beyond.sweeps()).containsExactly(new Sweep(0, 5, 0));
    assertThat(couple(Coupling.sliding(4, 7), 40).longestSegment()).isEqualTo(7);
    for (float xi : couple(Coupling.sliding(4, 7), 40).links().toArray()) {
      assertThat(xi).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 1, 5", "7, 3, 4", "35, 4, 9", "10, 10, 10", "11, 2, 100", "1, 1, 1"})
  void theBookHasTheSameSlidingSweeps(int steps, int k1, int k2) {
    List<dev.lookback.book.Sweep> expected = dev.lookback.book.Sweep.sliding(steps, k1, k2);
    List<Sweep> found = couple(Coupling.sliding(k1, k2), steps).sweeps();
    assertThat(found)
        .isEqualTo(expected.stream().map(s -> new Sweep(s.from(), s.to(), s.back())).toList());
  }

  @Test
  void randomIsZeroOrOneOverPiAndTheFirstLinkIsWhole() {
    float kept = (float) (1 / (1 - 1 / 4.0));
    for (boolean perLane : new boolean[] {false, true}) {
      Coupling random = new Coupling.Randomised(KeepProbability.geometric(4), 4, perLane);
      Coupled coupled = couple(random, 35);
      float[] xi = coupled.links().toArray();
      int lanes = perLane ? 3 : 1;
      assertThat(xi).hasSize(35 * lanes);
      for (int i = 0; i < xi.length; i++) {
        assertThat(xi[i]).isIn(i < lanes ? List.of(1f) : List.of(0f, kept));
      }
      assertThat(coupled.sweeps()).isEqualTo(Sweep.tiles(coupled.links()));
    }
  }

  @Test
  void aSweepEndsWhereAllLanesAreCut() {
    Links links = Links.perLane(new float[] {1, 1, 0, 2, 0, 0, 2, 0, 0, 0}, 2);
    Coupled coupled = Coupling.given(links).couple(5, 2, SEED);
    assertThat(coupled.sweeps()).isEqualTo(sweeps(0, 2, 0, 2, 4, 2, 4, 5, 4));
    assertThat(coupled.longestSegment()).isEqualTo(2);
    // What stands in front of the window cuts nothing inside.
    assertThat(couple(Coupling.given(Links.shared(new float[] {0, 1})), 2).sweeps())
        .containsExactly(new Sweep(0, 2, 0));
  }

  @Test
  void givenLinksHaveToFitTheWindow() {
    Coupling three = Coupling.given(Links.whole(3));
    assertThatThrownBy(() -> couple(three, 4)).hasMessage("xi has 3 steps but the window has 4");
    Coupling twoLanes = Coupling.given(Links.perLane(new float[8], 2));
    assertThatThrownBy(() -> couple(twoLanes, 4)).hasMessage("xi has 2 lanes but the window has 3");
    assertThatThrownBy(() -> Links.perLane(new float[8], 3))
        .hasMessage("xi holds 8 numbers, which is not a multiple of 3 lanes");
  }

  @Test
  void everyLossIsInjectedOnce() {
    Links links = Links.whole(5);
    assertThatThrownBy(() -> new Coupled(links, sweeps(0, 2, 0, 3, 5, 3)))
        .hasMessage("the sweeps inject step 3 after step 1");
    assertThatThrownBy(() -> new Coupled(links, sweeps(0, 2, 0, 1, 5, 0)))
        .hasMessage("the sweeps inject step 1 after step 1");
    assertThatThrownBy(() -> new Coupled(links, sweeps(0, 4, 0)))
        .hasMessage("the sweeps inject 4 steps but the window has 5");
    assertThatThrownBy(() -> new Sweep(2, 5, 3))
        .hasMessage("a sweep that injects [2, 5) cannot go back to 3");
  }

  @Test
  void eachSaysWhatItPromises() {
    assertThat(Coupling.full().promise()).isEqualTo(Promise.EXACT);
    assertThat(Coupling.random(3).promise()).isEqualTo(Promise.UNBIASED);
    for (Coupling biased :
        List.of(Coupling.fixed(3), Coupling.sliding(2, 4), Coupling.given(Links.whole(3)))) {
      assertThat(biased.promise()).isEqualTo(Promise.BIASED);
    }
  }

  @Test
  void aSegmentEndsAtItsFirstCutAndIsScaledInside() {
    int draws = 20_000;
    int atMost = 6;
    double pi = 1 - 1 / 3.0;
    Coupling.Randomised random = new Coupling.Randomised(KeepProbability.geometric(3), 3, false);
    int[] lengths = new int[atMost + 1];
    for (int seed = 0; seed < draws; seed++) {
      Coupled segment = random.segment(Randomness.of(seed), atMost);
      float[] xi = segment.links().toArray();
      lengths[xi.length]++;
      assertThat(segment.sweeps()).containsExactly(new Sweep(0, xi.length, 0));
      assertThat(xi[0]).isEqualTo(1);
      for (int t = 1; t < xi.length; t++) {
        assertThat(xi[t]).isEqualTo((float) (1 / pi));
      }
    }
    for (int length = 1; length <= atMost; length++) {
      double p = Math.pow(pi, length - 1) * (length == atMost ? 1 : 1 - pi);
      double standardError = Math.sqrt(p * (1 - p) / draws);
      assertThat((double) lengths[length] / draws).isCloseTo(p, within(5 * standardError));
    }
  }

  @Test
  void segmentsGrowAsLongAsTheirScheduleSays() {
    Coupling.Randomised surely = new Coupling.Randomised((step, since) -> 1, 1e9, false);
    assertThat(surely.segment(SEED, 1000).links().toArray()).hasSize(1000).containsOnly(1);
    // The schedule sees the steps since the cut at which the segment begins.
    Coupling.Randomised exactly =
        new Coupling.Randomised((step, since) -> since < 40 ? 1 : 1e-9, 40, false);
    assertThat(exactly.segment(SEED, 1000).links().steps()).isEqualTo(40);
  }
}
