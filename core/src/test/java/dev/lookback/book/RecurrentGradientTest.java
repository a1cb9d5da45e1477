package dev.lookback.book;

import static dev.lookback.book.Cases.distance;
import static dev.lookback.book.Cases.flatten;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.book.BookWindow.Numbers;
import dev.lookback.book.Run.Cell;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient against differences, for every cell, depth and part of a network. */
class RecurrentGradientTest {
  // Not extrapolated from long steps: deep stacks bend too fast, and relu has kinks.
  private static final double STEP = 0x1p-18;

  static Stream<List<Cell>> stacks() {
    List<List<Cell>> stacks = new ArrayList<>();
    for (Cell cell : Cell.values()) {
      for (int depth = 1; depth <= 3; depth++) {
        stacks.add(Collections.nCopies(depth, cell));
      }
    }
    stacks.add(List.of(Cell.LSTM, Cell.GRU_AFTER, Cell.TANH));
    stacks.add(List.of(Cell.GRU_BEFORE, Cell.IDENTITY, Cell.LSTM));
    return stacks.stream();
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void theFullGradientEqualsDifferencesOfTheLoss(List<Cell> cells) {
    for (int variant = 0; variant < Run.VARIANTS.size(); variant++) {
      Run run = Run.of(cells, Run.VARIANTS.get(variant), variant);
      RecurrentTrace trace = run.trace();
      RecurrentNetwork network = trace.network();
      ToDoubleFunction<double[]> loss =
          w ->
              network
                  .withParameters(w)
                  .forward(trace.window(), trace.state())
                  .loss(run.loss(), run.denominator());
      double[] differences = Differences.gradient(loss, network.parameters(), STEP);
      assertThat(distance(run.full().parameters(), differences))
          .as("variant %d", variant)
          .isLessThan(1e-8);
    }
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void anyCouplingOfAnySweepEqualsDifferences(List<Cell> cells) {
    for (int variant = 0; variant < Run.VARIANTS.size(); variant++) {
      Run run = Run.of(cells, Run.VARIANTS.get(variant), 100 + variant);
      double[][] xi = run.cases().matrix(run.steps(), run.lanes());
      xi[run.steps() - 1][0] = 0;
      int to = run.cases().between(1, run.steps());
      int from = run.cases().between(0, to - 1);
      int back = variant < 3 ? 0 : run.cases().between(0, from);
      Sweep sweep = new Sweep(from, to, back);
      agrees(run.gradient(xi, List.of(sweep)), new CoupledRun(run, xi, sweep));
    }
  }

  private static void agrees(RecurrentGradient gradient, CoupledRun coupled) {
    RecurrentTrace trace = coupled.run().trace();
    agrees(gradient.parameters(), coupled::ofWeights, trace.network().parameters());
    agrees(Run.flatten(gradient.state()), coupled::ofState, Run.flatten(trace.state()));
    double[] delta = Run.flatten(gradient.delta());
    agrees(delta, coupled::ofPushes, new double[delta.length]);
    if (trace.window().inputs() instanceof Numbers numbers) {
      agrees(flatten(gradient.inputs()), coupled::ofInputs, flatten(numbers.x()));
    }
  }

  private static void agrees(double[] gradient, ToDoubleFunction<double[]> f, double[] at) {
    assertThat(distance(gradient, Differences.gradient(f, at, STEP))).isLessThan(1e-8);
  }
}
