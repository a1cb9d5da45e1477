package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose system takes no more bytes in the middle of a checkpoint. */
class FullDiskTest {
  // What ulimit -f counts in.
  private static final int UNIT = 512;

  @TempDir private Path folder;

  private String[] training(String name) {
    String[] sizes = {"--cell", "gru", "--hidden", "96", "--coupling", "sliding:4,18"};
    String[] saving = {"--updates", "9", "--checkpoint-every", "3", "--keep", "99"};
    String[] args = Samples.tiny("train", folder.resolve("text.txt"), Samples.and(sizes, saving));
    return Samples.and(args, "--run", folder.resolve(name).toString());
  }

  private static Path checkpoint(Path run, int update) {
    return run.resolve("checkpoints")
        .resolve(String.format(Locale.ROOT, "update-%09d.safetensors", update));
  }

  @Test
  void theTrainingGoesOnAndTheLastGoodCheckpointStays() throws IOException, InterruptedException {
    Samples.text(folder);
    Path whole = folder.resolve("whole");
    Cli unbroken = Cli.run(training("whole"));
    assertThat(unbroken.code()).as(unbroken.err()).isZero();
    long first = Files.size(checkpoint(whole, 0));
    long later = Files.size(checkpoint(whole, 3));
    // Those after the first hold what sliding truncation remembers.
    assertThat(later).isGreaterThan(first + 4 * UNIT);

    Path run = folder.resolve("full");
    Path errors = folder.resolve("errors.txt");
    Process process = limited((first + later) / 2 / UNIT, training("full"), errors);
    try {
      assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String told = Files.readString(errors);
    assertThat(process.exitValue()).as(told).isZero();
    for (int update : new int[] {3, 6, 9}) {
      assertThat(told)
          .contains("no checkpoint after update " + update + ": could not write ")
          .contains("the last good checkpoint stays");
    }
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      assertThat(files).containsExactlyInAnyOrder(checkpoint(run, 0), lock(run));
    }
    requireSame(run, whole);

    Files.delete(run.resolve("model.safetensors"));
    Cli goesOn = Cli.run("train", "--resume", run.toString());
    assertThat(goesOn.code()).as(goesOn.err()).isZero();
    requireSame(run, whole);
  }

  private static Path lock(Path run) {
    return run.resolve("checkpoints").resolve(".lock");
  }

  private static Process limited(long units, String[] args, Path errors) throws IOException {
    List<String> command = new ArrayList<>(Programs.java(args).command());
    // Not a file of the program's: the machine's own.
    command.add(1, "-XX:-UsePerfData");
    command.addAll(0, List.of("sh", "-c", "ulimit -f " + units + " && exec \"$0\" \"$@\""));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(errors.toFile())
        .start();
  }

  private static void requireSame(Path run, Path whole) {
    assertThat(run.resolve("model.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("model.safetensors"));
  }
}
