package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of options: what is one, and what is said of one that is not. */
class ValuesTest {
  @TempDir Path folder;
  private String run = "";

  @BeforeEach
  void train() throws IOException {
    Path text = folder.resolve("text.txt");
    Files.writeString(text, "use --json=here, --help or --x\n".repeat(20));
    run = folder.resolve("run").toString();
    assertThat(Cli.run(Samples.tiny("train", text, "--run", run)).code()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"--json", "--help", "--json=here", "--x", "-h", "--"})
  void aValueMayLookLikeAnOption(String value) {
    Cli said = Cli.run("generate", run, "--length", "3", "--prompt=" + value);
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).startsWith(value);
  }

  @Test
  void whatIsNoValueIsStillRefused() {
    Cli missing = Cli.run("generate", run, "--prompt", "--json");
    assertThat(missing.code()).isEqualTo(ExitCode.USAGE);
    assertThat(missing.err()).contains("--prompt=--json");
    Cli number = Cli.run("generate", run, "--length=--json");
    assertThat(number.code()).isEqualTo(ExitCode.USAGE);
    assertThat(number.err()).contains("--length is \"--json\" but has to be a whole number");
  }

  @ParameterizedTest
  @CsvSource({"train,--refresh", "train,--json", "generate,--raw"})
  void aSwitchTakesTrueOrFalse(String command, String option) {
    Cli wrong = Cli.run(command, option + "=no");
    assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains(option + " is \"no\" but has to be true or false");
  }

  @Test
  void aRunThatIsNotThereIsSaidWhereItWasLookedFor() {
    String here = Path.of("").toAbsolutePath().toString();
    Cli resumed = Cli.run("train", "--resume", "runs/nowhere");
    assertThat(resumed.code()).isEqualTo(ExitCode.INPUT);
    assertThat(resumed.err()).contains(here + "/runs/nowhere/run.json");
    Cli generated = Cli.run("generate", "runs/nowhere");
    assertThat(generated.err()).contains("(" + here + "/runs/nowhere)");
    Cli data = Cli.run("train", "nowhere.txt");
    assertThat(data.err()).contains("looked for in " + here);
  }
}
