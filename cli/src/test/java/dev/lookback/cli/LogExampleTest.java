package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of logs is so: sixteen strange lines of twenty thousand are found. */
class LogExampleTest {
  private static final Path MAKER = Path.of("..", "examples", "logs", "make-log");

  @TempDir Path folder;

  @Test
  void allStrangeLinesAreAmongTheFirstEighteen() throws IOException, InterruptedException {
    String log = folder.resolve("service.log").toString();
    String run = folder.resolve("logs").toString();
    Files.writeString(Path.of(log), made());
    Cli trained =
        Cli.run("train", log, "--cell", "gru", "--hidden", "64", "--updates", "300", "--run", run);
    assertThat(trained.code()).as(trained.err()).isZero();
    Cli scored = Cli.run("score", run, log, "--top", "18", "--csv");
    assertThat(scored.code()).as(scored.err()).isZero();
    List<String> found = scored.out().lines().skip(1).map(line -> line.split(",", -1)[2]).toList();
    List<String> strange = made("--strange").lines().toList();
    assertThat(strange).hasSize(16);
    assertThat(found).hasSize(18).containsAll(strange);
  }

  private static String made(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("sh", MAKER.toString());
    builder.command().addAll(List.of(arguments));
    Process maker = builder.redirectErrorStream(true).start();
    String text = new String(maker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(maker.waitFor()).as(text).isZero();
    return text;
  }
}
