package dev.lookback.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.cell.Gru;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Every optimizer against its formula in double over forty updates. */
class OptimizerReferenceTest {
  private static final int UPDATES = 40;

  /** Changes {@code w} as update {@code t}, counted from 1, should; {@code slots} start at 0. */
  private interface Formula {
    double change(double w, double g, double[] slots, int t);
  }

  @Test
  void sgd() {
    check(Sgd.of(0.3), (w, g, s, t) -> w - 0.3 * g);
  }

  @Test
  void heavyBall() {
    check(
        Sgd.of(0.1).after(Momentum.of(0.9)),
        (w, g, s, t) -> {
          s[0] = 0.9 * s[0] + g;
          return w - 0.1 * s[0];
        });
  }

  @Test
  void nesterov() {
    check(
        Sgd.of(0.1).after(Momentum.nesterov(0.8)),
        (w, g, s, t) -> {
          s[0] = 0.8 * s[0] + g;
          return w - 0.1 * (g + 0.8 * s[0]);
        });
  }

  @Test
  void adam() {
    check(Adam.standard().withRate(0.02), (w, g, s, t) -> w - 0.02 * adamStep(g, s, t));
  }

  @Test
  void adamWithOtherBetasAndEpsilon() {
    check(
        Adam.of(0.02).withBetas(0, 0.5).withEpsilon(0.1),
        (w, g, s, t) -> {
          s[0] = 0.5 * s[0] + 0.5 * g * g;
          return w - 0.02 * g / (Math.sqrt(s[0] / (1 - Math.pow(0.5, t))) + 0.1);
        });
  }

  @Test
  void adamWithDecoupledDecay() {
    check(
        Adam.of(0.02).then(WeightDecay.of(0.1)),
        (w, g, s, t) -> w - 0.02 * (adamStep(g, s, t) + 0.1 * w));
  }

  @Test
  void adamWithL2() {
    check(
        Adam.of(0.02).after(WeightDecay.of(0.1)),
        (w, g, s, t) -> w - 0.02 * adamStep(g + 0.1 * w, s, t));
  }

  @Test
  void rmsProp() {
    check(
        RmsProp.standard(),
        (w, g, s, t) -> {
          s[0] = 0.99 * s[0] + 0.01 * g * g;
          return w - 0.01 * g / (Math.sqrt(s[0]) + 1e-8);
        });
  }

  @Test
  void rmsPropWithOtherSettings() {
    check(
        RmsProp.of(0.05).withAlpha(0.5).withEpsilon(0.2),
        (w, g, s, t) -> {
          s[0] = 0.5 * s[0] + 0.5 * g * g;
          return w - 0.05 * g / (Math.sqrt(s[0]) + 0.2);
        });
  }

  @Test
  void aRateThatChanges() {
    check(
        Sgd.of(Rate.step(0.4, 0.5, 10)),
        (w, g, s, t) -> {
          int halvings = (t - 1) / 10;
          return w - 0.4 * Math.pow(0.5, halvings) * g;
        });
  }

  @Test
  void clippingComesFirstWhenWrittenLast() {
    Updater updater =
        Sgd.of(0.1).after(Momentum.of(0.9)).after(ClipByNorm.of(1)).start(Bench.LAYOUT);
    Weights weights = Bench.weights();
    double[] w = doubles(weights);
    double[] v = new double[w.length];
    int clips = 0;
    for (int t = 1; t <= UPDATES; t++) {
      double[] g = doubles(Bench.gradient(t));
      double norm = Math.sqrt(Arrays.stream(g).map(x -> x * x).sum());
      for (int i = 0; i < w.length; i++) {
        v[i] = 0.9 * v[i] + g[i] * Math.min(1, 1 / norm);
        w[i] -= 0.1 * v[i];
      }
      updater.step(weights, Bench.gradient(t));
      assertThat(updater.lastGradientNorm()).isCloseTo(norm, within(1e-12));
      assertThat(updater.wasClipped()).isEqualTo(norm > 1);
      clips += norm > 1 ? 1 : 0;
    }
    assertThat(clips).isBetween(1, UPDATES - 1);
    assertClose(weights, w);
  }

  // As PyTorch has it: clip_grad_norm_, then an SGD with momentum and weight_decay.
  @Test
  void l2IsBehindTheClipAndInFrontOfMomentum() {
    Updater updater =
        Sgd.of(0.1)
            .after(Momentum.of(0.9))
            .after(WeightDecay.of(0.3))
            .after(ClipByNorm.of(1))
            .start(Bench.LAYOUT);
    Weights weights = Bench.weights();
    double[] w = doubles(weights);
    double[] v = new double[w.length];
    for (int t = 1; t <= UPDATES; t++) {
      double[] g = doubles(Bench.gradient(t));
      double scale = Math.min(1, 1 / norm(g));
      for (int i = 0; i < w.length; i++) {
        v[i] = 0.9 * v[i] + g[i] * scale + 0.3 * w[i];
        w[i] -= 0.1 * v[i];
      }
      updater.step(weights, Bench.gradient(t));
    }
    assertClose(weights, w);
  }

  // Decoupled: neither shortened by the clip nor remembered by momentum.
  @Test
  void decayBehindTheOthersIsOutsideOfClipAndMomentum() {
    Updater updater =
        Sgd.of(0.1)
            .after(Momentum.of(0.9))
            .after(ClipByNorm.of(1))
            .then(WeightDecay.of(0.3))
            .start(Bench.LAYOUT);
    Weights weights = Bench.weights();
    double[] w = doubles(weights);
    double[] v = new double[w.length];
    for (int t = 1; t <= UPDATES; t++) {
      double[] g = doubles(Bench.gradient(t));
      double scale = Math.min(1, 1 / norm(g));
      for (int i = 0; i < w.length; i++) {
        v[i] = 0.9 * v[i] + g[i] * scale;
        w[i] -= 0.1 * (v[i] + 0.3 * w[i]);
      }
      updater.step(weights, Bench.gradient(t));
    }
    assertClose(weights, w);
  }

  // A clip further back has another norm to go by than the gradient's as it came.
  @Test
  void aClipThatIsNotFirstGoesByWhatItIsGiven() {
    Updater updater =
        Sgd.of(0.1).after(ClipByNorm.of(1)).after(WeightDecay.of(0.2)).start(Bench.LAYOUT);
    Weights weights = Bench.weights();
    double[] w = doubles(weights);
    int differ = 0;
    for (int t = 1; t <= UPDATES; t++) {
      double[] g = doubles(Bench.gradient(t));
      double came = norm(g);
      for (int i = 0; i < w.length; i++) {
        g[i] += 0.2 * w[i];
      }
      double given = norm(g);
      for (int i = 0; i < w.length; i++) {
        w[i] -= 0.1 * g[i] * Math.min(1, 1 / given);
      }
      updater.step(weights, Bench.gradient(t));
      assertThat(updater.lastGradientNorm()).isCloseTo(came, within(1e-12));
      assertThat(updater.wasClipped()).isEqualTo(given > 1);
      differ += came > 1 == given > 1 ? 0 : 1;
    }
    assertThat(differ).isPositive();
    assertClose(weights, w);
  }

  @Test
  void everyTensorDecays() {
    Network network =
        Network.of(Gru.of(3, 4).withLearnedState(), Readout.softmax(6)).withEmbedding(6);
    Weights weights = Weights.zeros(network.layout());
    Arrays.fill(weights.values(), 1);
    Updater updater = Sgd.of(0.5).then(WeightDecay.of(0.5)).start(network.layout());
    updater.step(weights, Weights.zeros(network.layout()));
    for (Tensor tensor : network.layout().tensors()) {
      assertThat(weights.of(tensor.name())).as(tensor.name()).containsOnly(0.75f);
    }
    assertThat(network.layout().tensors())
        .extracting(Tensor::name)
        .contains(
            "rnn.bias_ih_l0", "rnn.bias_hh_l0", "decoder.bias", "embedding.weight", "rnn.h0_l0");
  }

  private static double norm(double[] g) {
    return Math.sqrt(Arrays.stream(g).map(x -> x * x).sum());
  }

  private static double adamStep(double g, double[] s, int t) {
    s[0] = 0.9 * s[0] + 0.1 * g;
    s[1] = 0.999 * s[1] + 0.001 * g * g;
    return s[0] / (1 - Math.pow(0.9, t)) / (Math.sqrt(s[1] / (1 - Math.pow(0.999, t))) + 1e-8);
  }

  private static void check(Optimizer optimizer, Formula formula) {
    Updater updater = optimizer.start(Bench.LAYOUT);
    Weights weights = Bench.weights();
    double[] w = doubles(weights);
    double[][] slots = new double[w.length][2];
    for (int t = 1; t <= UPDATES; t++) {
      double[] g = doubles(Bench.gradient(t));
      for (int i = 0; i < w.length; i++) {
        w[i] = formula.change(w[i], g[i], slots[i], t);
      }
      updater.step(weights, Bench.gradient(t));
    }
    assertThat(updater.updates()).isEqualTo(UPDATES);
    assertClose(weights, w);
  }

  private static double[] doubles(Weights weights) {
    double[] values = new double[weights.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = weights.values()[i];
    }
    return values;
  }

  private static void assertClose(Weights weights, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) weights.values()[i])
          .isCloseTo(expected[i], within(4e-6 * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
