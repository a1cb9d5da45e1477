package dev.lookback.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.analysis.TruncationAudit.Finding;
import dev.lookback.analysis.TruncationAudit.Report;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
import dev.lookback.gradient.Case;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagNorms;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TruncationAuditTest {
  private static final Team TEAM = Team.of(1);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  /** h_t = w h_(t-1) + x_t, o_t = h_t, so that credit decays by w and by nothing else. */
  private static Weights scalar(Network network, double w) {
    Weights weights = Weights.zeros(network.layout());
    weights.values()[network.layout().get("rnn.weight_ih_l0").offset()] = 1;
    weights.values()[network.layout().get("rnn.weight_hh_l0").offset()] = (float) w;
    weights.values()[network.layout().get("decoder.weight").offset()] = 1;
    return weights;
  }

  private static Network scalarNetwork() {
    return Network.of(
        new Elman(1, 1, Activation.IDENTITY, Biases.NONE), Readout.linear(1).withoutBias());
  }

  /** Inputs of 1 and targets such that each loss has the derivative it is given. */
  private static Sample sample(Network network, double w, double... dldo) {
    float[] x = new float[dldo.length];
    float[] y = new float[dldo.length];
    Arrays.fill(x, 1);
    double h = 0;
    for (int t = 0; t < y.length; t++) {
      h = w * h + 1;
      y[t] = (float) (h - dldo[t]);
    }
    Window window = Window.of(y.length, 1, new Inputs.Dense(x, 1), new Targets.Values(y, 1));
    return new Sample(window, State.zeros(network, 1));
  }

  private static TruncationAudit constant(double w, int steps) {
    Network network = scalarNetwork();
    double[] ones = new double[steps];
    Arrays.fill(ones, 1);
    Sample sample = sample(network, w, ones);
    return new TruncationAudit(network, scalar(network, w), List.of(sample, sample), TEAM);
  }

  private static Finding part(Report report, String tensor) {
    return report.parts().stream()
        .filter(p -> p.tensor().equals(tensor))
        .findFirst()
        .orElseThrow()
        .finding();
  }

  /** A loss that goes back n steps brings the input weight 1 + w + ... + w^(n-1). */
  private static double credit(double w, int n) {
    return (1 - Math.pow(w, n)) / (1 - w);
  }

  @ParameterizedTest
  @CsvSource({"0.5,64,4", "0.9,64,8", "0.9,64,7", "0.95,100,32", "0.98,128,64"})
  void theBiasOfALinearRecurrenceIsItsClosedForm(double w, int steps, int k) {
    double exact = 0;
    double fixed = 0;
    double everyLoss = 0;
    int back = 0;
    for (int t = 0; t < steps; t++) {
      exact += credit(w, t + 1);
      fixed += credit(w, t % k + 1);
      int from = t / k * k;
      int to = Math.min(steps, from + k);
      back += t == from ? to - Math.min(from, Math.max(0, to - (2 * k - 1))) : 0;
      everyLoss += credit(w, t + 1 - Math.min(from, Math.max(0, to - (2 * k - 1))));
    }
    TruncationAudit audit = constant(w, steps);
    Report one = audit.measure(Coupling.fixed(k));
    Finding found = part(one, "rnn.weight_ih_l0");
    assertThat(found.relativeBias().value()).isCloseTo(1 - fixed / exact, within(2e-5));
    assertThat(found.relativeBias().low()).isCloseTo(1 - fixed / exact, within(2e-5));
    assertThat(found.cosine().value()).isCloseTo(1, within(1e-12));
    assertThat(found.descends()).isTrue();
    assertThat(found.variance()).isCloseTo(0, within(1e-12));
    Report two = audit.measure(Coupling.sliding(k, 2 * k - 1));
    assertThat(part(two, "rnn.weight_ih_l0").relativeBias().value())
        .isCloseTo(1 - everyLoss / exact, within(2e-5));
    assertThat(one.cost().longestSegment()).isEqualTo(k);
    assertThat(one.cost().backwardSteps()).isEqualTo(1);
    assertThat(two.cost().longestSegment()).isEqualTo(Math.min(steps, 2 * k - 1));
    assertThat(two.cost().backwardSteps()).isEqualTo((double) back / steps);
  }

  /** On a long horizon fixed truncation loses (w + ... + w^K) / K, the mean of what it cuts. */
  @Test
  void onALongHorizonFixedTruncationLosesTheMeanOfWhatItCuts() {
    Finding found = part(constant(0.9, 4096).measure(Coupling.fixed(8)), "rnn.weight_ih_l0");
    double lost = 0.9 * credit(0.9, 8) / 8;
    assertThat(found.relativeBias().value()).isCloseTo(lost, within(2e-3));
  }

  private static final class Drawn {
    private final Case first = tiny(1);
    private final List<Sample> samples = new ArrayList<>();

    Drawn(int windows) {
      for (int i = 0; i < windows; i++) {
        Case c = tiny(i + 1);
        samples.add(new Sample(c.window(), c.state()));
      }
    }

    private static Case tiny(long seed) {
      Case.Sizes sizes = new Case.Sizes(1, 2, 4, 3, 2, 9);
      return Case.of(sizes, Activation.TANH, new boolean[] {true, true, false}, seed);
    }

    TruncationAudit audit() {
      return new TruncationAudit(first.network(), first.weights(), samples, TEAM);
    }

    Audit drawing() {
      return new Audit(first.network(), first.weights(), samples, TEAM);
    }
  }

  /** Two ways to the same numbers: from inner products of windows, and from the mean gradient. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 9})
  void itAgreesWithTheAuditOfDraws(int k) {
    Drawn drawn = new Drawn(5);
    TruncationAudit audit = drawn.audit();
    assertThat(audit.exactNorm()).isCloseTo(drawn.drawing().exactNorm(), within(1e-6));
    for (Coupling c : List.of(Coupling.fixed(k), Coupling.sliding(k, 2 * k - 1))) {
      Report found = audit.measure(c);
      Audit.Report expected = drawn.drawing().measure(c, 1, Randomness.of(1));
      assertThat(found.coupling()).isEqualTo(c.label());
      agree(found.all(), expected.all());
      for (int i = 0; i < found.parts().size(); i++) {
        assertThat(found.parts().get(i).tensor()).isEqualTo(expected.parts().get(i).tensor());
        agree(found.parts().get(i).finding(), expected.parts().get(i).finding());
      }
    }
  }

  private static void agree(Finding found, Audit.Finding expected) {
    Estimate bias = found.relativeBias();
    assertThat(bias.value()).isCloseTo(expected.relativeBias(), within(1e-5));
    assertThat(bias.low()).isLessThanOrEqualTo(bias.value() * (1 + 1e-12));
    assertThat(bias.high()).isGreaterThanOrEqualTo(bias.value() * (1 - 1e-12));
    assertThat(found.cosine().value()).isCloseTo(expected.cosine(), within(1e-5));
    assertThat(found.descends()).isEqualTo(expected.descends() == 1);
  }

  @Test
  void fullIsTheExactGradientAndAskingTwiceChangesNothing() {
    TruncationAudit audit = new Drawn(3).audit();
    Report full = audit.measure(Coupling.full());
    assertThat(full.all().relativeBias()).isEqualTo(new Estimate(0, 0, 0));
    assertThat(full.all().cosine()).isEqualTo(new Estimate(1, 1, 1));
    assertThat(full.all().descendingWindows()).isEqualTo(1);
    assertThat(audit.measure(Coupling.full())).isEqualTo(full);
    assertThat(audit.measure(Coupling.fixed(2))).isEqualTo(audit.measure(Coupling.fixed(2)));
    assertThat(audit.measure(Coupling.fixed(2)).cost().activationBytes())
        .isLessThanOrEqualTo(full.cost().activationBytes());
  }

  /** The windows' own spread: sum |g_i - mean|^2 / ((N - 1) |mean|^2), gradient by gradient. */
  @Test
  void theVarianceIsThatOfTheWindowsExactGradients() {
    Drawn drawn = new Drawn(4);
    List<float[]> gradients = new ArrayList<>();
    for (Sample s : drawn.samples) {
      gradients.add(
          new Audit(drawn.first.network(), drawn.first.weights(), List.of(s), TEAM)
              .exactGradient());
    }
    double spread = 0;
    double norm = 0;
    for (int k = 0; k < gradients.get(0).length; k++) {
      double mean = 0;
      for (float[] g : gradients) {
        mean += g[k] / 4.0;
      }
      norm += mean * mean;
      for (float[] g : gradients) {
        spread += (g[k] - mean) * (g[k] - mean) / 3;
      }
    }
    double variance = drawn.audit().measure(Coupling.full()).all().variance();
    assertThat(variance).isCloseTo(spread / norm, within(1e-5 * spread / norm));
  }

  /**
   * dL/du = q_1 + q_2 + w q_2 is 0 with w = 1/2 and q = -3/4, 1/2; cut after each step it is -1/4,
   * off by an amount that has nothing to be relative to.
   */
  @Test
  void offFromNothingIsNoNumber() {
    Network network = scalarNetwork();
    Weights weights = scalar(network, 0.5);
    Sample sample = sample(network, 0.5, -1.5, 1);
    List<Sample> samples = List.of(sample, sample);
    Report cut = new TruncationAudit(network, weights, samples, TEAM).measure(Coupling.fixed(1));
    Finding found = part(cut, "rnn.weight_ih_l0");
    assertThat(found.relativeBias().value()).isNaN();
    assertThat(found.cosine().value()).isZero();
    assertThat(found.descends()).isFalse();
    Audit.Finding drawn =
        new Audit(network, weights, samples, TEAM)
            .measure(Coupling.fixed(1), 1, Randomness.of(1)).parts().stream()
                .filter(p -> p.tensor().equals("rnn.weight_ih_l0"))
                .findFirst()
                .orElseThrow()
                .finding();
    assertThat(drawn.relativeBias()).isNaN();
    assertThat(drawn.descends()).isZero();
    // The weights as a whole have an exact gradient, and the bias is relative to that.
    assertThat(cut.all().relativeBias().value()).isPositive().isFinite();
  }

  @Test
  void theProfileByLagIsTheMeanOfItsWindows() {
    Drawn drawn = new Drawn(3);
    LagProfile profile =
        LagProfile.of(drawn.first.network(), drawn.first.weights(), drawn.samples, TEAM);
    double[] mean = new double[9];
    for (Sample s : drawn.samples) {
      Pass pass = new Pass(drawn.first.network(), 2, 1, TEAM);
      double[] phi = pass.lagNorms(drawn.first.weights(), s.window(), s.state().copy()).phi();
      for (int k = 0; k < 9; k++) {
        mean[k] += phi[k] / 3;
      }
    }
    LagNorms expected = new LagNorms(mean);
    assertThat(profile.mean().norms().phi()).containsExactly(mean, within(1e-12));
    assertThat(profile.norm(3).value()).isCloseTo(mean[2], within(1e-12));
    assertThat(profile.decay().value()).isCloseTo(expected.decay(), within(1e-12));
    assertThat(profile.halfLife().value()).isCloseTo(expected.halfLife(), within(1e-9));
    assertThat(profile.effectiveMemory().value())
        .isCloseTo(expected.effectiveMemory(), within(1e-9));
    assertThat(profile.decay().low()).isLessThan(profile.decay().value());
    assertThat(profile.bound().decay()).isPositive();
  }

  /** Credit that decays by w and by nothing else has the paper's closed form. */
  @Test
  void theBoundOfALinearRecurrenceIsItsClosedForm() {
    Network network = scalarNetwork();
    double[] ones = new double[40];
    Arrays.fill(ones, 1);
    Sample sample = sample(network, 0.8, ones);
    LagProfile profile =
        LagProfile.of(network, scalar(network, 0.8), List.of(sample, sample), TEAM);
    assertThat(profile.decay().value()).isCloseTo(0.8, within(1e-5));
    double rest = 1 - 2 * Math.pow(0.8, 41);
    assertThat(profile.bound().relativeError(5)).isCloseTo(Math.pow(0.8, 5) / rest, within(1e-4));
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    Drawn one = new Drawn(1);
    assertThatThrownBy(one::audit)
        .hasMessage("there would be 1 windows but an interval needs 2 or more");
    assertThatThrownBy(() -> new Drawn(2).audit().measure(Coupling.random(3)))
        .hasMessage("random:3 is drawn: measure it with Audit, which averages draws");
    assertThatThrownBy(() -> new LagProfile(List.of(), 0))
        .hasMessage("a profile by lag needs at least one held-out window");
  }
}
