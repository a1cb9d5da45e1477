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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle of a training, in a virtual machine of its own. */
class InterruptionTest {
  @TempDir private Path folder;

  @Test
  void ctrlCSavesAndSaysWhere() throws IOException, InterruptedException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path errors = folder.resolve("errors.txt");
    Path text = Samples.text(folder);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--add-modules",
            "jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder
        .command()
        .addAll(
            List.of(
                Samples.tiny(
                    "train",
                    text,
                    "--seconds",
                    "60",
                    "--updates",
                    "100000000",
                    "--threads",
                    "1",
                    "--run",
                    run.toString())));
    builder.redirectError(errors.toFile()).redirectOutput(folder.resolve("out.txt").toFile());
    try (WatchService watch = folder.getFileSystem().newWatchService()) {
      run.register(
          watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      Process process = builder.start();
      try {
        awaitFirstMetric(run.resolve("metrics.csv"), watch, process);
        Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
    }
    Path model = run.resolve("model.safetensors");
    assertThat(Files.readString(errors, StandardCharsets.UTF_8))
        .contains("Interrupted. The model as it was is in " + model);
    assertThat(ModelFile.read(model).vocabulary()).isPresent();
    assertThat(run.resolve("report.html")).exists();
    assertThat(Files.readString(run.resolve("run.json"))).contains("\"result\"");
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
