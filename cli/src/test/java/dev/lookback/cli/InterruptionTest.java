package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and SIGTERM in the middle of a training, in a virtual machine of its own. */
class InterruptionTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalSavesSaysWhereAndTheRunGoesOn(String signal, int code)
      throws IOException, InterruptedException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path errors = folder.resolve("errors.txt");
    Path text = Samples.text(folder);
    String[] args =
        Samples.tiny(
            "train",
            text,
            "--updates",
            "100000000",
            "--coupling",
            "sliding:3,12",
            "--threads",
            "1",
            "--checkpoint-every",
            "1h");
    try (WatchService watch = folder.getFileSystem().newWatchService()) {
      run.register(
          watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      Process process =
          Programs.java(Samples.and(args, "--run", run.toString()))
              .redirectError(errors.toFile())
              .start();
      try {
        awaitFirstMetric(run.resolve("metrics.csv"), watch, process);
        String pid = Long.toString(process.pid());
        Process kill = new ProcessBuilder("kill", "-" + signal, pid).start();
        assertThat(kill.waitFor()).isZero();
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.exitValue()).isEqualTo(code);
    }
    Path model = run.resolve("model.safetensors");
    assertThat(Files.readString(errors, StandardCharsets.UTF_8))
        .contains("Interrupted. The model as it was is in " + model)
        .contains("To go on: lookback train --resume " + run);
    assertThat(ModelFile.read(model).vocabulary()).isPresent();
    assertThat(run.resolve("report.html")).exists();
    RunSummary stopped = RunSummary.read(run);
    assertThat(stopped.state()).isEqualTo("interrupted");
    String more = Long.toString(stopped.updates() + 20);
    Cli goesOn = Cli.run("train", "--resume", run.toString(), "--updates", more);
    assertThat(goesOn.code()).as(goesOn.err()).isZero();
    String[] unbroken = Samples.and(args, "--run", folder.resolve("whole").toString());
    unbroken[List.of(unbroken).indexOf("--updates") + 1] = more;
    assertThat(Cli.run(unbroken).code()).isZero();
    assertThat(model).hasSameBinaryContentAs(folder.resolve("whole/model.safetensors"));
    assertThat(RunSummary.read(run).state()).isEqualTo("finished");
  }

  private static void awaitFirstMetric(Path metrics, WatchService watch, Process process)
      throws IOException, InterruptedException {
    while (!Files.exists(metrics) || Files.readAllLines(metrics).size() < 2) {
      WatchKey key = watch.poll(50, TimeUnit.SECONDS);
      assertThat(process.isAlive()).as("the training goes on").isTrue();
      assertThat(key).as("a line of metrics").isNotNull();
      key.pollEvents();
      key.reset();
    }
  }
}
