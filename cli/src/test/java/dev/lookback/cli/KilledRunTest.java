package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.math.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training process that is killed (SIGKILL) again and again, half of the times while it writes a
 * checkpoint, and each time goes on; in the end it has made what the unbroken one made. {@code
 * -Pkills} kills it fifty times.
 */
class KilledRunTest {
  private static final int KILLS = Integer.getInteger("kills", 5);
  private static final int MOST_SAVES = 5;

  @TempDir private Path folder;

  private String[] training(String name) {
    String updates = Integer.toString(KILLS * (MOST_SAVES + 2) + 9);
    String[] args =
        Samples.tiny(
            "train",
            folder.resolve("text.txt"),
            "--cell",
            "gru",
            "--hidden",
            "96",
            "--updates",
            updates,
            "--coupling",
            "sliding:4,18",
            "--checkpoint-every",
            "1");
    return Samples.and(args, "--run", folder.resolve(name).toString());
  }

  @Test
  void whateverTheMomentNothingIsLost() throws IOException, InterruptedException {
    Samples.text(folder);
    Cli whole = Cli.run(training("whole"));
    assertThat(whole.code()).as(whole.err()).isZero();
    Path run = Files.createDirectory(folder.resolve("killed"));
    int inside = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Randomness random = Randomness.of(31).with(kill);
      String[] args =
          kill == 0
              ? training("killed")
              : new String[] {
                "train", "--resume", run.toString(), "--threads", kill % 2 == 0 ? "1" : "2"
              };
      // A run is one from its first checkpoint on, which is that of no update.
      int saves = (kill == 0 ? 2 : 1) + random.below(MOST_SAVES, 0);
      kill(run, args, saves, random.uniform(1) < 0.5);
      inside += leftovers(run).isEmpty() ? 0 : 1;
    }
    Cli rest = Cli.run("train", "--resume", run.toString());
    assertThat(rest.code()).as(rest.err()).isZero();
    assertThat(rest.err()).matches("Going on from update \\d+\\R");
    assertThat(leftovers(run)).isEmpty();
    assertThat(run.resolve("model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("whole/model.safetensors"));
    assertThat(withoutSeconds(run)).isEqualTo(withoutSeconds(folder.resolve("whole")));
    assertThat(inside).as("kills inside a save").isPositive();
    Path report = Files.createDirectories(Path.of("target")).resolve("kills.txt");
    Files.writeString(
        report,
        KILLS + " kills, " + inside + " of them inside a save: the model's bytes are the same\n");
  }

  /** Starts a process and kills it at its n-th checkpoint: in the middle of it, or right after. */
  private void kill(Path run, String[] args, int saves, boolean middle)
      throws IOException, InterruptedException {
    Path errors = folder.resolve("errors.txt");
    Path checkpoints = run.resolve("checkpoints");
    boolean fresh = !Files.exists(checkpoints);
    try (WatchService watch = folder.getFileSystem().newWatchService()) {
      (fresh ? run : checkpoints).register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Process process = Programs.java(args).redirectError(errors.toFile()).start();
      try {
        await(watch, process, checkpoints, saves, middle ? ".lookback-" : "update-");
        process.destroyForcibly();
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
      } catch (AssertionError e) {
        throw new AssertionError(Files.readString(errors), e);
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.exitValue()).as(Files.readString(errors)).isEqualTo(128 + 9);
    }
  }

  private static void await(
      WatchService watch, Process process, Path checkpoints, int saves, String name)
      throws IOException, InterruptedException {
    int left = saves;
    while (left > 0) {
      WatchKey key = watch.poll(50, TimeUnit.SECONDS);
      if (!process.isAlive()) {
        throw new AssertionError("it ended by itself with " + process.exitValue());
      }
      assertThat(key).as("a checkpoint").isNotNull();
      for (WatchEvent<?> event : key.pollEvents()) {
        if (!key.watchable().equals(checkpoints)) {
          // A new run: now there is the folder to look at.
          if (Files.exists(checkpoints)) {
            checkpoints.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
          }
        } else if (String.valueOf(event.context()).startsWith(name)) {
          left--;
        }
      }
      key.reset();
    }
  }

  private static List<Path> leftovers(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      return files.filter(file -> file.toString().endsWith(".tmp")).toList();
    }
  }

  private static List<String> withoutSeconds(Path run) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.csv"))) {
      List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
      cells.remove(3);
      lines.add(String.join(",", cells));
    }
    return lines;
  }
}
