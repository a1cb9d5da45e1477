package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Help that fits a screen. */
class HelpTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "compare --help",
        "train --help",
        "train -h",
        "help train",
        "generate --help",
        "evaluate --help",
        "score --help",
        "audit --help",
        "plan --help",
        "explain --help",
        "gradient --help",
        "export --help",
        "bench --help",
        "tasks --help",
        "numbers --help",
        "runs --help",
        "replay --help",
        "runs compare --help",
        "help --help",
        "generate-completion --help"
      })
  void everyHelpFitsAScreen(String command) {
    Cli run = Cli.run(command.split(" "));
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    List<String> lines = run.out().lines().toList();
    assertThat(lines.size()).isBetween(5, 50);
    assertThat(lines).allMatch(line -> line.length() <= 80);
    assertThat(run.out()).contains("Usage: lookback").doesNotContain("${");
  }

  @Test
  void withoutACommandTheCommandsAreListed() {
    Cli run = Cli.run();
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .containsSubsequence(
            "\n  compare ",
            "\n  train ",
            "\n  runs ",
            "\n  replay ",
            "\n  generate ",
            "\n  evaluate ",
            "\n  score ",
            "\n  audit ",
            "\n  explain ",
            "\n  gradient ",
            "\n  export ",
            "\n  bench ",
            "\n  tasks ",
            "\n  numbers ",
            "\n  help ",
            "\n  generate-completion ")
        .contains("0 done, 1 failed while running, 2 wrong usage, 3 bad input, 4 diverged");
    assertThat(Cli.run("--help").out()).isEqualTo(run.out());
  }

  @Test
  void helpHasEveryOptionWithItsDefaultUnderAHeading() {
    String help = Cli.run("train", "--help").out();
    assertThat(help)
        .startsWith("Usage: lookback train [DATA] [OPTIONS]\n")
        .containsSubsequence("Options of train:", "Text:", "Network:", "Learning:", "Everywhere:")
        .containsPattern("--hidden=N +Hidden units of a layer \\[128]")
        .containsPattern("--steps=T +.*\\[140]")
        .contains("  DATA, --data=DATA  ", "--coupling=C", "--run=DIR")
        .contains("--epochs=N, --updates=N, --seconds=N  End after");
    assertThat(Cli.run("generate", "--help").out())
        .startsWith("Usage: lookback generate [MODEL] [OPTIONS]\n");
    assertThat(Cli.run("compare", "--help").out())
        .contains("[full,fixed:8,fixed:35,random:35]", "[lookback-comparison]");
  }

  @Test
  void theVersionIsOneLine() {
    Cli run = Cli.run("--version");
    assertThat(run.code()).isZero();
    assertThat(run.out()).matches("lookback \\S+\\R");
  }

  @Test
  void completionKnowsCommandsAndOptions() {
    Cli run = Cli.run("generate-completion");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("--couplings", "--coupling", "--temperature", "generate-completion");
  }
}
