package dev.lookback.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConfigurationTest {

  @Test
  void optimizersAreValues() {
    assertThat(Adam.standard()).isEqualTo(Adam.of(1e-3)).isNotEqualTo(Adam.of(1e-4));
    assertThat(Adam.standard().after(ClipByNorm.of(1)))
        .isEqualTo(Adam.standard().after(ClipByNorm.of(1)))
        .isNotEqualTo(Adam.standard().then(ClipByNorm.of(1)));
    assertThat(Adam.standard().after(ClipByNorm.of(1)).withRate(0.5).rate())
        .isEqualTo(Rate.constant(0.5));
    assertThat(Sgd.of(0.1).after(Momentum.of(0.9)).after(ClipByNorm.of(1)).rewrites())
        .containsExactly(ClipByNorm.of(1), Momentum.of(0.9));
  }

  @Test
  void ratesByHand() {
    Rate step = Rate.step(0.8, 0.5, 10);
    assertThat(step.at(0)).isEqualTo(0.8);
    assertThat(step.at(9)).isEqualTo(0.8);
    assertThat(step.at(10)).isEqualTo(0.4);
    assertThat(step.at(29)).isEqualTo(0.2);

    Rate cosine = Rate.cosine(1, 0.2, 100);
    assertThat(cosine.at(0)).isEqualTo(1);
    assertThat(cosine.at(50)).isCloseTo(0.6, within(1e-15));
    assertThat(cosine.at(25)).isCloseTo(0.2 + 0.4 * (1 + Math.sqrt(0.5)), within(1e-15));
    assertThat(cosine.at(100)).isEqualTo(0.2);
    assertThat(cosine.at(Long.MAX_VALUE)).isEqualTo(0.2);

    Rate warm = cosine.withWarmUp(3);
    assertThat(warm.at(0)).isEqualTo(0.25);
    assertThat(warm.at(2)).isEqualTo(0.75);
    assertThat(warm.at(3)).isEqualTo(1);
    assertThat(warm.at(53)).isEqualTo(cosine.at(50));
    assertThat(Rate.constant(0.5).withWarmUp(1).at(0)).isEqualTo(0.25);
  }

  @Test
  void boundsAreAllowed() {
    assertThat(Rate.step(0.5, 1, 1).at(7)).isEqualTo(0.5);
    assertThat(Rate.cosine(0.5, 0.5, 4).at(3)).isEqualTo(0.5);
    assertThat(Rate.cosine(0.5, 0, 4).at(4)).isEqualTo(0);
  }

  @Test
  void aRateTimesAFactor() {
    Rate rate = Rate.step(0.8, 0.5, 10);
    for (long update : new long[] {0, 9, 10, 25}) {
      assertThat(rate.times(0.25).at(update)).isEqualTo(0.25 * rate.at(update));
    }
    refused(() -> rate.times(0), "the factor of the learning rate is 0.0 but has to be a number");
  }

  @Test
  void powers() {
    for (double base : new double[] {0, 0.5, 0.9, 0.999, 1}) {
      for (long exponent : new long[] {0, 1, 2, 3, 17, 1000, 12_345, Long.MAX_VALUE}) {
        assertThat(Powers.power(base, exponent))
            .isCloseTo(StrictMath.pow(base, (double) exponent), within(1e-14));
      }
    }
  }

  @Test
  void refusesRatesThatCannotTrain() {
    refused(() -> Sgd.of(0), "the learning rate is 0.0 but has to be a number above 0");
    refused(() -> Adam.of(-1), "the learning rate is -1.0 but has to be a number above 0");
    refused(() -> RmsProp.of(Double.NaN), "the learning rate is NaN but has to be");
    refused(() -> Adam.standard().withRate(1e300), "the learning rate is 1.0E300 but");
    refused(() -> Adam.standard().withRate(1e-300), "the learning rate is 1.0E-300 but");
    refused(() -> Rate.step(-1, 0.5, 1), "the learning rate is -1.0 but");
    refused(() -> Rate.cosine(Double.NaN, 0, 1), "the learning rate is NaN but");
  }

  @Test
  void refusesSchedulesThatMakeNoSense() {
    refused(
        () -> Rate.step(1, 0, 1),
        "the factor of the learning rate is 0.0 but has to be above 0 and at most 1");
    refused(() -> Rate.step(1, Double.NaN, 1), "the factor of the learning rate is NaN");
    refused(() -> Rate.step(1, 1.5, 1), "the factor of the learning rate is 1.5");
    refused(
        () -> Rate.step(1, 0.5, 0),
        "the number of updates between two steps of the learning rate is 0 but has to be 1 or"
            + " more");
    refused(
        () -> Rate.cosine(1, 2, 1),
        "the floor of the learning rate is 2.0 but has to be at least 0 and at most the rate, 1.0");
    refused(() -> Rate.cosine(1, Double.NaN, 1), "the floor of the learning rate is NaN");
    refused(() -> Rate.cosine(1, 0, 0), "the number of updates of the cosine is 0");
    refused(() -> Rate.constant(1).withWarmUp(0), "the number of updates of the warm-up is 0");
  }

  @Test
  void refusesSettingsOutOfRange() {
    refused(() -> ClipByNorm.of(0), "the norm to clip at is 0.0 but has to be a number above 0");
    refused(() -> ClipByNorm.of(Double.NaN), "the norm to clip at is NaN");
    refused(() -> ClipByNorm.of(Double.POSITIVE_INFINITY), "the norm to clip at is Infinity");
    refused(() -> Momentum.of(1), "the momentum is 1.0 but has to be at least 0 and below 1");
    refused(() -> Momentum.nesterov(-0.1), "the momentum is -0.1");
    refused(() -> Momentum.of(1 - 1e-12), "the momentum is 0.999999999999 but");
    refused(() -> Adam.standard().withBetas(1, 0.999), "Adam's beta1 is 1.0 but has to be");
    refused(() -> Adam.standard().withBetas(0.9, -1), "Adam's beta2 is -1.0 but has to be");
    refused(() -> Adam.standard().withBetas(0.9, Double.NaN), "Adam's beta2 is NaN");
    refused(() -> Adam.standard().withEpsilon(0), "Adam's epsilon is 0.0");
    refused(() -> RmsProp.standard().withAlpha(1), "RMSprop's alpha is 1.0");
    refused(() -> RmsProp.standard().withEpsilon(-1), "RMSprop's epsilon is -1.0");
    refused(() -> WeightDecay.of(0), "the weight decay is 0.0");
  }

  private static void refused(ThrowingCallable configuration, String message) {
    assertThatThrownBy(configuration)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
