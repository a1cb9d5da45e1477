package dev.lookback.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class OptionsTest {
  @Test
  void everyOptionIsRead() {
    String line =
        "--cell gru --mode step --vocabulary 8 --hidden 64 --batch 1 --steps 1000 --layers 2"
            + " --threads 3 --iterations 7 --warmup 0 --seconds 0.5";
    assertThat(Options.parse(line.split(" ", -1)))
        .isEqualTo(
            new Options(
                Cell.GRU, Mode.STEP, new Shape(8, 64, 1, 1000, 2), 3, new Effort(7, 0, 0.5)));
  }

  @Test
  void startOverridesTheEffort() {
    assertThat(Options.parse("--start", "--iterations", "5").effort()).isEqualTo(Effort.start());
  }

  @Test
  void mistakesAreNamed() {
    refused("--cell is rnn, but one of [elman, gru, lstm] is needed", "--cell", "rnn");
    refused("--hidden is 0, but at least 1 is needed", "--hidden", "0");
    refused("--batch is x, but a whole number is needed", "--batch", "x");
    refused("--seconds is 0.0, but something above 0 is needed", "--seconds", "0");
    refused("--threads needs a value", "--threads");
  }

  @Test
  void unknownOptionsAreRefusedWithTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--v", "64"))
        .withMessageStartingWith("--v is not an option; there are --cell ");
  }

  private static void refused(String message, String... words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(words))
        .withMessage(message);
  }
}
