package dev.lookback.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.loss.Loss;
import dev.lookback.loss.SoftmaxCrossEntropy;
import dev.lookback.loss.SquaredError;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.testkit.CouplingCheck.Outcome;
import dev.lookback.window.Links;
import dev.lookback.window.Targets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of couplings and of losses. */
class OthersCheckTest {
  @Test
  void theLibrarysCouplingsPass() {
    for (String label :
        List.of("full", "fixed:3", "random:4", "random:4,per-lane", "sliding:2,5")) {
      CouplingCheck.of(CouplingNotation.parse(label)).all();
    }
  }

  /** One uniform cut, all other links scaled alike so that every xi has the mean 1. */
  private record ScaledAlike() implements Coupling.Custom {
    @Override
    public Coupled couple(int steps, int lanes, Randomness randomness) {
      return steps == 1 ? cutAt(0, 1) : cutAt(1 + randomness.below(steps - 1, 0), steps);
    }

    static Coupled cutAt(int cut, int steps) {
      float[] xi = new float[steps];
      for (int t = 0; t < steps; t++) {
        xi[t] = t == 0 ? 1 : t == cut ? 0 : (steps - 1f) / (steps - 2);
      }
      return Coupled.tiled(Links.shared(xi));
    }

    @Override
    public Promise promise() {
      return Promise.UNBIASED;
    }

    @Override
    public String label() {
      return "scaled-alike";
    }
  }

  @Test
  void thatEveryXiHasTheMeanOneIsNotEnough() {
    List<Outcome> outcomes =
        IntStream.range(1, 6)
            .mapToObj(cut -> new Outcome(ScaledAlike.cutAt(cut, 6), 1.0 / 5))
            .toList();
    assertThatThrownBy(() -> CouplingCheck.of(new ScaledAlike()).unbiased(6, 1, outcomes))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("scaled-alike, the mean gradient over all outcomes")
        .hasMessageContaining("off by");
  }

  @Test
  void outcomesThatAreLeftOutAreMissed() {
    List<Outcome> outcomes = List.of(new Outcome(ScaledAlike.cutAt(1, 6), 1));
    assertThatThrownBy(() -> CouplingCheck.of(new ScaledAlike()).unbiased(6, 1, outcomes))
        .hasMessageContaining("which is none of the outcomes");
  }

  @Test
  void probabilitiesHaveToComeToOne() {
    List<Outcome> outcomes = List.of(new Outcome(ScaledAlike.cutAt(1, 6), 0.5));
    assertThatThrownBy(() -> CouplingCheck.of(new ScaledAlike()).unbiased(6, 1, outcomes))
        .hasMessageContaining("come to 0.5, not to 1");
  }

  @Test
  void whoPromisesABiasIsNotAskedForNone() {
    assertThatThrownBy(() -> CouplingCheck.of(Coupling.fixed(3)).unbiased(6, 1, List.of()))
        .hasMessageContaining("promises a gradient that is biased");
  }

  /** Says that it is exact, or something else that is wrong. */
  private record Liar(float xi, boolean fickle) implements Coupling.Custom {
    private static int calls;

    @Override
    public Coupled couple(int steps, int lanes, Randomness randomness) {
      float[] links = Links.whole(steps).toArray();
      links[steps - 1] = fickle ? ++calls : xi;
      return Coupled.tiled(Links.shared(links));
    }

    @Override
    public Promise promise() {
      return Promise.EXACT;
    }

    @Override
    public String label() {
      return "liar";
    }
  }

  @Test
  void whatIsNotExactMayNotSaySo() {
    assertThatThrownBy(() -> CouplingCheck.of(new Liar(0, false)).value())
        .hasMessageContaining("but it promises");
  }

  @Test
  void whatIsNotAFunctionIsNoticed() {
    assertThatThrownBy(() -> CouplingCheck.of(new Liar(1, true)).value())
        .hasMessageContaining("not the same when asked again");
  }

  @Test
  void xiHasToBeANumber() {
    assertThatThrownBy(() -> CouplingCheck.of(new Liar(Float.POSITIVE_INFINITY, false)).value())
        .hasMessageContaining("is Infinity, not a number");
  }

  @Test
  void theLibrarysLossesPass() {
    LossCheck.ofValues(SquaredError::new).all();
    LossCheck.ofClasses(SoftmaxCrossEntropy::new).all();
  }

  /** Squared error with something wrong. */
  private record Wrong(String fault, Loss right) implements Loss {
    @Override
    public double lossAndGradient(
        float[] outputs,
        RowRange rows,
        Targets targets,
        Optional<float[]> weight,
        double scale,
        Team team) {
      RowRange range = fault.equals("rows") ? new RowRange(0, rows.count(), rows.width()) : rows;
      Optional<float[]> weights = fault.equals("weight") ? Optional.empty() : weight;
      double sum = right.lossAndGradient(outputs, range, targets, weights, scale, team);
      return fault.equals("value") ? 2 * sum : fault.equals("scale") ? scale * sum : sum;
    }

    @Override
    public String label() {
      return "wrong " + fault;
    }

    @Override
    public String unit() {
      return "?";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"value", "scale", "weight", "rows"})
  void wrongLossesAreCaught(String fault) {
    Supplier<Loss> wrong = () -> new Wrong(fault, new SquaredError());
    LossCheck check = LossCheck.ofValues(wrong);
    assertThatThrownBy(
            () -> {
              switch (fault) {
                case "value" -> check.gradient();
                case "rows" -> check.pieces();
                default -> check.weights();
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("wrong " + fault);
  }
}
