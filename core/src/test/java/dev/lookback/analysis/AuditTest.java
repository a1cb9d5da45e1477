package dev.lookback.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.analysis.Audit.Finding;
import dev.lookback.analysis.Audit.Report;
import dev.lookback.book.Matrices;
import dev.lookback.book.RandomTruncation;
import dev.lookback.book.RandomTruncation.Outcome;
import dev.lookback.cell.Activation;
import dev.lookback.gradient.Case;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.State;
import dev.lookback.weights.Tensor;
import dev.lookback.window.Links;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final Team TEAM = Team.of(1);
  private static final Randomness SEED = Randomness.of(7);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Case tiny(int steps, long seed) {
    Case.Sizes sizes = new Case.Sizes(1, 2, 4, 3, 2, steps);
    return Case.of(sizes, Activation.TANH, new boolean[] {true, true, false}, seed);
  }

  /** Two windows of one network: the first case's weights on the second one's data. */
  private static List<Case> cases() {
    Case a = tiny(8, 1);
    Case b = tiny(8, 2);
    return List.of(
        a, new Case(a.network(), a.weights(), b.window(), b.state(), b.reset(), b.weight()));
  }

  private static Audit audit(List<Case> cases) {
    List<Sample> samples = cases.stream().map(c -> new Sample(c.window(), c.state())).toList();
    return new Audit(cases.get(0).network(), cases.get(0).weights(), samples, TEAM);
  }

  /** The book's gradient averaged over the windows, coupled as draw r is. */
  private static double[] book(List<Case> cases, Coupling coupling, Randomness draw) {
    double[] mean = new double[cases.get(0).weights().values().length];
    for (int i = 0; i < cases.size(); i++) {
      Case c = cases.get(i);
      double[] g = c.book(coupling.couple(c.steps(), c.lanes(), draw.with(i))).parameters();
      mean = Matrices.add(mean, Matrices.scale(1.0 / cases.size(), g));
    }
    return mean;
  }

  /** The definitions, term by term, over the numbers [from, to). */
  private static Finding byDefinition(double[] exact, List<double[]> draws, int from, int to) {
    int r = draws.size();
    double g2 = dot(exact, exact, from, to);
    double[] mean = new double[exact.length];
    for (double[] g : draws) {
      mean = Matrices.add(mean, Matrices.scale(1.0 / r, g));
    }
    double spread = 0;
    double cosine = 0;
    double descends = 0;
    for (double[] g : draws) {
      double[] deviation = Matrices.add(g, Matrices.scale(-1, mean));
      spread += dot(deviation, deviation, from, to);
      cosine += dot(g, exact, from, to) / Math.sqrt(g2 * dot(g, g, from, to)) / r;
      descends += dot(g, exact, from, to) > 0 ? 1.0 / r : 0;
    }
    double[] bias = Matrices.add(mean, Matrices.scale(-1, exact));
    double variance = r == 1 ? 0 : spread / ((r - 1) * g2);
    return new Finding(
        Math.sqrt(dot(bias, bias, from, to) / g2),
        Math.sqrt(variance / r),
        variance,
        cosine,
        descends);
  }

  private static double dot(double[] a, double[] b, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void assertFinding(Finding found, Finding expected) {
    assertThat(found.relativeBias()).isCloseTo(expected.relativeBias(), within(1e-5));
    assertThat(found.standardError()).isCloseTo(expected.standardError(), within(1e-5));
    assertThat(found.variance()).isCloseTo(expected.variance(), within(1e-5));
    assertThat(found.cosine()).isCloseTo(expected.cosine(), within(1e-5));
    assertThat(found.descends()).isCloseTo(expected.descends(), within(1e-12));
  }

  @Test
  void everyNumberIsThatOfItsDefinition() {
    List<Case> cases = cases();
    Audit audit = audit(cases);
    double[] exact = book(cases, Coupling.full(), SEED);
    assertThat(audit.exactNorm()).isCloseTo(Matrices.norm(exact), within(1e-6));
    for (Coupling coupling :
        List.of(Coupling.fixed(1), Coupling.fixed(3), Coupling.sliding(2, 3), Coupling.random(3))) {
      int r = coupling.promise() == Coupling.Promise.UNBIASED ? 12 : 1;
      List<double[]> draws = new ArrayList<>();
      for (int draw = 0; draw < r; draw++) {
        draws.add(book(cases, coupling, SEED.with(draw)));
      }
      Report report = audit.measure(coupling, 12, SEED);
      assertThat(report.coupling()).isEqualTo(coupling.label());
      assertThat(report.draws()).isEqualTo(r);
      assertFinding(report.all(), byDefinition(exact, draws, 0, exact.length));
      List<Tensor> tensors = cases.get(0).network().layout().tensors();
      assertThat(report.parts()).hasSameSizeAs(tensors);
      for (int i = 0; i < tensors.size(); i++) {
        Tensor tensor = tensors.get(i);
        assertThat(report.parts().get(i).tensor()).isEqualTo(tensor.name());
        assertFinding(
            report.parts().get(i).finding(),
            byDefinition(exact, draws, tensor.offset(), tensor.end()));
      }
    }
  }

  @Test
  void fullIsTheGradientItself() {
    Report full = audit(cases()).measure(Coupling.full(), 5, SEED);
    assertThat(full.draws()).isEqualTo(1);
    assertThat(full.all()).isEqualTo(new Finding(0, 0, 0, 1, 1));
    assertThat(full.parts())
        .allSatisfy(part -> assertThat(part.finding()).isEqualTo(new Finding(0, 0, 0, 1, 1)));
  }

  /** From a zero state one step gives the recurrent weights no gradient: nothing is off then. */
  @Test
  void aTensorWithoutGradientHasNoBias() {
    Case one = tiny(1, 3);
    one.state().clear();
    Report full = audit(List.of(one)).measure(Coupling.fixed(1), 1, SEED);
    assertThat(full.all().relativeBias()).isZero();
    assertThat(full.parts())
        .filteredOn(part -> part.tensor().equals("rnn.weight_hh_l0"))
        .singleElement()
        .satisfies(part -> assertThat(part.finding()).isEqualTo(new Finding(0, 0, 0, 0, 0)));
  }

  @Test
  void truncationIsBiasedAndRandomTruncationIsNot() {
    Audit audit = audit(cases());
    Finding fixed = audit.measure(Coupling.fixed(2), 1, SEED).all();
    assertThat(fixed.relativeBias()).isGreaterThan(0.05);
    assertThat(fixed.standardError()).isZero();
    Finding random = audit.measure(Coupling.random(3), 2000, SEED).all();
    // E |mean - g|^2 = variance / R: the measured bias is of the size of its standard error.
    assertThat(random.standardError()).isLessThan(0.05);
    assertThat(random.relativeBias()).isLessThan(2 * random.standardError());
    assertThat(random.cosine()).isBetween(0.0, 1.0);
  }

  /**
   * As the estimate is unbiased, its variance is the mean square of the relative bias of single
   * outcomes; and the variance of a sample has it as its mean.
   */
  @Test
  void theVarianceIsThatOfTheEnumeration() {
    Case c = tiny(7, 5);
    Audit audit = audit(List.of(c));
    double variance = 0;
    double fourth = 0;
    double cosine = 0;
    double descends = 0;
    for (Outcome outcome : RandomTruncation.shared(7, 2, (t, sinceCut) -> 0.75)) {
      float[] xi = new float[7];
      for (int t = 0; t < 7; t++) {
        xi[t] = (float) outcome.xi()[t][0];
      }
      Finding one = audit.measure(Coupling.given(Links.shared(xi)), 1, SEED).all();
      double square = one.relativeBias() * one.relativeBias();
      variance += outcome.probability() * square;
      fourth += outcome.probability() * square * square;
      cosine += outcome.probability() * one.cosine();
      descends += outcome.probability() * one.descends();
    }
    int draws = 4000;
    Finding sampled = audit.measure(Coupling.random(4), draws, SEED).all();
    double standardError = Math.sqrt((fourth - variance * variance) / draws);
    assertThat(variance).isGreaterThan(1e-3);
    assertThat(sampled.variance()).isCloseTo(variance, within(5 * standardError));
    assertThat(sampled.cosine()).isCloseTo(cosine, within(0.01));
    assertThat(sampled.descends()).isCloseTo(descends, within(0.02));
    assertThat(sampled.standardError()).isEqualTo(Math.sqrt(sampled.variance() / draws));
  }

  @Test
  void aDrawIsAFunctionOfItsSeedAndLeavesTheStateAlone() {
    List<Case> cases = cases();
    Audit audit = audit(cases);
    State before = cases.get(0).state().copy();
    Report first = audit.measure(Coupling.random(3), 6, SEED);
    assertThat(audit.measure(Coupling.random(3), 6, SEED)).isEqualTo(first);
    assertThat(audit.measure(Coupling.random(3), 6, Randomness.of(8)).all())
        .isNotEqualTo(first.all());
    assertThat(cases.get(0).state().layer(0)[0]).isEqualTo(before.layer(0)[0]);
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    Case c = tiny(3, 1);
    assertThatThrownBy(() -> new Audit(c.network(), c.weights(), List.of(), TEAM))
        .hasMessage("an audit needs at least one held-out window");
    Audit audit = audit(List.of(c));
    assertThatThrownBy(() -> audit.measure(Coupling.random(3), 1, SEED))
        .hasMessage("there would be 1 draws of random:3 but a variance needs 2");
    assertThat(audit.measure(Coupling.fixed(2), 1, SEED).draws()).isEqualTo(1);
  }

  /** Cuts each window in front of one step, drawn from all, and scales nothing: it is biased. */
  private record CutSomewhere() implements Coupling.Custom {
    @Override
    public Coupled couple(int steps, int lanes, Randomness randomness) {
      float[] xi = new float[steps];
      Arrays.fill(xi, 1);
      xi[randomness.below(steps, 0)] = 0;
      return Coupled.tiled(Links.shared(xi));
    }

    @Override
    public Promise promise() {
      return Promise.BIASED;
    }

    @Override
    public String label() {
      return "cut-somewhere";
    }
  }

  /** Goes back over the window's second half only. */
  private record SecondHalf() implements Coupling.Custom {
    @Override
    public Coupled couple(int steps, int lanes, Randomness randomness) {
      float[] xi = new float[steps];
      Arrays.fill(xi, 1);
      xi[steps / 2] = 0;
      return Coupled.tiled(Links.shared(xi));
    }

    @Override
    public Promise promise() {
      return Promise.BIASED;
    }

    @Override
    public String label() {
      return "second-half";
    }
  }

  // Drawn and unbiased are two things.
  @Test
  void aBiasedCouplingThatIsDrawnHasItsDrawsAndTheirVariance() {
    List<Case> cases = cases();
    int draws = 9;
    Coupling coupling = new CutSomewhere();
    assertThat(coupling.isDrawn()).isTrue();
    Report report = audit(cases).measure(coupling, draws, SEED);
    assertThat(report.draws()).isEqualTo(draws);
    List<double[]> drawn = new ArrayList<>();
    for (int r = 0; r < draws; r++) {
      drawn.add(book(cases, coupling, SEED.with(r)));
    }
    double[] exact = book(cases, Coupling.full(), SEED);
    Finding expected = byDefinition(exact, drawn, 0, exact.length);
    assertThat(report.all().variance()).isCloseTo(expected.variance(), within(1e-6)).isPositive();
    assertThat(report.all().relativeBias()).isCloseTo(expected.relativeBias(), within(1e-6));
    assertThatThrownBy(() -> audit(cases).measure(coupling, 1, SEED))
        .hasMessage("there would be 1 draws of cut-somewhere but a variance needs 2");
    List<Sample> samples = cases.stream().map(c -> new Sample(c.window(), c.state())).toList();
    Case first = cases.get(0);
    TruncationAudit truncation =
        new TruncationAudit(first.network(), first.weights(), samples, TEAM);
    assertThatThrownBy(() -> truncation.measure(coupling)).hasMessageContaining("is drawn");
  }

  @Test
  void aCouplingThatDrawsNothingHasOneDraw() {
    for (Coupling coupling : List.of(new SecondHalf(), Coupling.sliding(2, 5), Coupling.fixed(3))) {
      assertThat(coupling.isDrawn()).isFalse();
      Report report = audit(cases()).measure(coupling, 9, SEED);
      assertThat(report.draws()).isEqualTo(1);
      assertThat(report.all().variance()).isZero();
    }
  }
}
