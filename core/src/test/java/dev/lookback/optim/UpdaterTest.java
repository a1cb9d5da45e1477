package dev.lookback.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UpdaterTest {

  static List<Optimizer> optimizers() {
    return List.of(
        Sgd.of(0.1),
        Sgd.of(0.1).after(Momentum.of(0.9)).after(Momentum.nesterov(0.5)),
        Adam.standard().after(ClipByNorm.of(1)),
        Adam.of(Rate.cosine(0.01, 0, 50).withWarmUp(10)).then(WeightDecay.of(0.01)),
        RmsProp.standard().after(WeightDecay.of(0.01)).after(ClipByNorm.of(0.5)));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aRestoredRunIsTheUnbrokenRun(Optimizer optimizer) {
    Weights unbroken = Bench.weights();
    Updater updater = optimizer.start(Bench.LAYOUT);
    run(updater, unbroken, 0, 17);
    Weights resumed = unbroken.copy();
    Updater.State state = updater.save();
    run(updater, unbroken, 17, 40);

    Updater second = optimizer.start(Bench.LAYOUT);
    run(second, Bench.weights(), 0, 3);
    second.restore(state);
    run(second, resumed, 17, 40);

    assertThat(resumed.values()).isEqualTo(unbroken.values());
    assertThat(second.updates()).isEqualTo(40);
    assertThat(second.lastGradientNorm()).isEqualTo(updater.lastGradientNorm());
  }

  // As checkpoints do it; the norm and whether it was clipped are shown before the next update.
  @ParameterizedTest
  @MethodSource("optimizers")
  void aSnapshotIsEnoughToGoOn(Optimizer optimizer) {
    Weights unbroken = Bench.weights();
    Updater updater = optimizer.start(Bench.LAYOUT);
    run(updater, unbroken, 0, 4);
    Weights resumed = unbroken.copy();
    Snapshot.Writer writer = Snapshot.writer();
    updater.save(writer.under("updater"));
    Updater second = optimizer.start(Bench.LAYOUT);
    second.restore(writer.done().under("updater"));
    assertThat(second.updates()).isEqualTo(4);
    assertThat(second.lastGradientNorm()).isEqualTo(updater.lastGradientNorm());
    assertThat(second.wasClipped()).isEqualTo(updater.wasClipped());

    run(updater, unbroken, 4, 20);
    run(second, resumed, 4, 20);
    assertThat(resumed.values()).isEqualTo(unbroken.values());
  }

  @Test
  void savingCopies() {
    Updater updater = Adam.standard().start(Bench.LAYOUT);
    Updater.State state = updater.save();
    run(updater, Bench.weights(), 0, 2);

    assertThat(state.arrays()).containsOnlyKeys("0.adam.m", "0.adam.v");
    assertThat(state.arrays().values()).allSatisfy(a -> assertThat(a).containsOnly(0));
  }

  @Test
  void compiledLoopsGiveTheBitsOfOneNumberAtATime() {
    Layout layout = Layout.builder().vector("w", 1003).build();
    Weights weights = Bench.numbers(layout, "w", 0, 1);
    float w = weights.values()[1000];
    float m = 0;
    float v = 0;
    Updater updater = Adam.standard().start(layout);
    for (int t = 1; t <= 2000; t++) {
      Weights gradient = Bench.numbers(layout, "g", t % 3, 1);
      float g = gradient.values()[1000];
      m = 0.9f * m + (float) (1 - 0.9) * g;
      v = 0.999f * v + (float) (1 - 0.999) * (g * g);
      float first = (float) (1 / (1 - Powers.power(0.9, t)));
      float second = (float) Math.sqrt(1 / (1 - Powers.power(0.999, t)));
      w -= 1e-3f * (m * first / ((float) Math.sqrt(v) * second + 1e-8f));
      updater.step(weights, gradient);
    }
    assertThat(weights.values()[1000]).isEqualTo(w);
  }

  @Test
  void firstStepsByHand() {
    assertThat(first(Sgd.of(0.5), 1, 0.25f)).isEqualTo(0.875f);
    // The bias correction makes Adam's first step the rate, whatever the gradient.
    assertThat(first(Adam.of(0.125), 1, 8f)).isEqualTo(0.875f);
    assertThat(first(Adam.of(0.125), 1, -8f)).isEqualTo(1.125f);
    // v = 0.25 * 4^2 = 4, and 4 / (2 + 2) = 1.
    assertThat(first(RmsProp.of(0.5).withAlpha(0.75).withEpsilon(2), 1, 4f)).isEqualTo(0.5f);
    // g + mu g = 1.5.
    assertThat(first(Sgd.of(0.5).after(Momentum.nesterov(0.5)), 1, 1f)).isEqualTo(0.25f);
    // Clipped from 8 to 2.
    assertThat(first(Sgd.of(0.25).after(ClipByNorm.of(2)), 1, 8f)).isEqualTo(0.5f);
    // g + decay w = 0.5.
    assertThat(first(Sgd.of(0.5).after(WeightDecay.of(0.5)), 1, 0f)).isEqualTo(0.75f);
  }

  @Test
  void clippingIsOverAllTensors() {
    Layout layout = Layout.builder().vector("a", 1).vector("b", 1).build();
    Weights weights = Weights.zeros(layout);
    Updater updater = Sgd.of(1).after(ClipByNorm.of(1)).start(layout);
    updater.step(weights, new Weights(layout, new float[] {3, -4}));
    assertThat(weights.values()).containsExactly(-0.6f, 0.8f);
    assertThat(updater.lastGradientNorm()).isEqualTo(5);
    assertThat(updater.wasClipped()).isTrue();

    updater.step(weights, new Weights(layout, new float[] {0.6f, 0}));
    assertThat(weights.values()).containsExactly(-0.6f - 0.6f, 0.8f);
    assertThat(updater.wasClipped()).isFalse();
  }

  @Test
  void aNormAtTheBoundIsNotClipped() {
    Updater updater = Sgd.of(1).after(ClipByNorm.of(2)).start(Bench.one(0).layout());
    updater.step(Bench.one(0), Bench.one(2));
    assertThat(updater.wasClipped()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aBadGradientChangesNothing(Optimizer optimizer) {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      Weights weights = Bench.weights();
      Updater updater = optimizer.start(Bench.LAYOUT);
      run(updater, weights, 0, 5);
      Weights before = weights.copy();
      Updater.State state = updater.save();
      double norm = updater.lastGradientNorm();
      Weights gradient = Bench.gradient(5);
      gradient.values()[40] = bad;

      assertThatThrownBy(() -> updater.step(weights, gradient))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("at update 5; the weights were left as they were");
      assertThat(weights.values()).isEqualTo(before.values());
      updater
          .save()
          .arrays()
          .forEach((name, array) -> assertThat(array).isEqualTo(state.arrays().get(name)));
      assertThat(updater.updates()).isEqualTo(5);
      assertThat(updater.lastGradientNorm()).isEqualTo(norm);
    }
  }

  @Test
  void theLargestGradientsAreNotTakenForBad() {
    Weights weights = Bench.one(0);
    Updater updater = Sgd.of(1).after(ClipByNorm.of(1)).start(weights.layout());
    updater.step(weights, Bench.one(Float.MAX_VALUE));
    assertThat(weights.values()[0]).isBetween(-1.000001f, -0.999999f);
  }

  @Test
  void refusesTheStateOfAnother() {
    Updater.State adam = Adam.standard().start(Bench.LAYOUT).save();
    Updater clipped = Adam.standard().after(ClipByNorm.of(1)).start(Bench.LAYOUT);
    assertThatThrownBy(() -> clipped.restore(adam))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the saved state holds [0.adam.m, 0.adam.v]"
                + " but this optimizer needs [1.adam.m, 1.adam.v]");

    Updater small = Adam.standard().start(Bench.one(0).layout());
    assertThatThrownBy(() -> small.restore(adam))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0.adam.m holds 87 numbers but these weights need 1");

    Updater plain = Sgd.of(1).start(Bench.LAYOUT);
    assertThatThrownBy(() -> plain.restore(new Updater.State(1, new TreeMap<>(adam.arrays()))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Updater.State(-1, Map.of()))
        .hasMessage("the saved state counts -1 updates but needs 0 or more");
  }

  @Test
  void refusesAnotherLayout() {
    Updater updater = Sgd.of(1).start(Bench.LAYOUT);
    assertThatThrownBy(() -> updater.step(Bench.weights(), Bench.one(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("gradient has the layout [Tensor[name=w, rows=1");
    assertThatThrownBy(() -> updater.step(Bench.one(1), Bench.weights()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("weights has the layout [Tensor[name=w, rows=1");
  }

  @Test
  void refusesARateThatIsNone() {
    Weights weights = Bench.one(3);
    Updater updater = Sgd.of(update -> Double.NaN).start(weights.layout());
    assertThatThrownBy(() -> updater.step(weights, Bench.one(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the learning rate is NaN at update 0 but has to be 0 or more");
    assertThat(weights.values()).containsExactly(3);
    for (double rate : new double[] {-0.5, Math.nextUp((double) Float.MAX_VALUE)}) {
      assertThatThrownBy(
              () -> Sgd.of(u -> rate).start(weights.layout()).step(weights, Bench.one(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("the learning rate is " + rate + " at update 0");
    }
  }

  @Test
  void aRateOf0ChangesNothingAndTheLargestIsOne() {
    assertThat(first(Sgd.of(update -> 0), 3, 1)).isEqualTo(3);
    assertThat(first(Sgd.of(update -> Float.MAX_VALUE), 3, 1)).isEqualTo(-Float.MAX_VALUE);
  }

  @Test
  void tellsTheRateToCome() {
    Updater updater = Sgd.of(Rate.step(0.5, 0.5, 1)).start(Bench.LAYOUT);
    assertThat(updater.nextRate()).isEqualTo(0.5);
    run(updater, Bench.weights(), 0, 1);
    assertThat(updater.nextRate()).isEqualTo(0.25);
  }

  private static void run(Updater updater, Weights weights, int from, int to) {
    for (int t = from; t < to; t++) {
      updater.step(weights, Bench.gradient(t));
    }
  }

  private static float first(Optimizer optimizer, float weight, float gradient) {
    Weights weights = Bench.one(weight);
    optimizer.start(weights.layout()).step(weights, Bench.one(gradient));
    return weights.values()[0];
  }
}
