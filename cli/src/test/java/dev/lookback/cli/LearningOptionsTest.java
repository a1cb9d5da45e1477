package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.optim.Adam;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.optim.Momentum;
import dev.lookback.optim.Optimizer;
import dev.lookback.optim.Rewrite;
import dev.lookback.optim.WeightDecay;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The order in which a gradient is rewritten is that of PyTorch's usual loop. */
class LearningOptionsTest {
  private static final Rewrite ADAM = Adam.standard().rewrites().get(0);

  private static Optimizer optimizer(String options) {
    LearningOptions learning = new LearningOptions();
    new CommandLine(learning).parseArgs(options.split(" "));
    return learning.optimizer();
  }

  @Test
  void decayIsDecoupledUnlessAPenaltyIsAskedFor() {
    assertThat(optimizer("--weight-decay 0.01").rewrites())
        .containsExactly(ClipByNorm.of(1), ADAM, WeightDecay.of(0.01));
    assertThat(optimizer("--weight-decay 0.01,l2").rewrites())
        .containsExactly(ClipByNorm.of(1), WeightDecay.of(0.01), ADAM);
    assertThat(
            optimizer("--optimizer momentum --clip 2 --momentum 0.5 --weight-decay 0.1,l2")
                .rewrites())
        .containsExactly(ClipByNorm.of(2), WeightDecay.of(0.1), Momentum.of(0.5));
    assertThat(optimizer("--optimizer sgd --clip 0 --weight-decay 0.1,l2").rewrites())
        .containsExactly(WeightDecay.of(0.1));
    assertThat(optimizer("--optimizer sgd --clip 0 --weight-decay 0,l2").rewrites()).isEmpty();
  }

  @Test
  void anotherFormIsToldWithItsRemedy() {
    for (String wrong : new String[] {"much", "0.1,l1", "0.1,l2,l2", ",l2", ""}) {
      assertThatThrownBy(() -> optimizer("--weight-decay=" + wrong))
          .hasMessageContaining("but has to be a number, such as 0.01, or with l2 behind it");
    }
    assertThatThrownBy(() -> optimizer("--weight-decay -1,l2"))
        .hasMessage("--weight-decay is -1.0 but has to be 0 or more");
  }
}
