package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
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
    assertThat(told)
        .contains("no checkpoint after update 3: could not write ")
        .containsOnlyOnce("the last good checkpoint stays");
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      assertThat(files).containsExactlyInAnyOrder(checkpoint(run, 0), lock(run));
    }
    requireSame(run, whole);

    Files.delete(run.resolve("model.safetensors"));
    Cli goesOn = Cli.run("train", "--resume", run.toString());
    assertThat(goesOn.code()).as(goesOn.err()).isZero();
    requireSame(run, whole);
  }

  /**
   * A file system that is full for a while, where the system lets one be mounted; else one that
   * takes no file of more than so many bytes.
   */
  @Test
  void whatAFullFileSystemDidNotTakeIsThereAfterwards() throws IOException, InterruptedException {
    Path text = Samples.text(folder);
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path copy = folder.resolve("copy");
    String[] options = {
      "--updates", "100000000", "--checkpoint-every", "50", "--audit-every", "50"
    };
    String[] args = Samples.tiny("train", text, Samples.and(options, "--log-format", "json"));
    List<String> java =
        Programs.java(Samples.and(args, "--run", disk.resolve("run").toString())).command();
    // The mount is seen by the process alone: what is asked for of it goes through its shell.
    String script =
        "mount -t tmpfs -o size=400k none DISK && exec 3<&0 || exit 77;"
            + " (while read -r ask <&3; do case $ask in"
            + " fill) head -c 1000000 /dev/zero >DISK/ballast 2>/dev/null;;"
            + " free) rm DISK/ballast;; esac; done) 2>/dev/null & \"$@\"; code=$?; cp -r DISK/run COPY;"
            + " exit $code";
    script = script.replace("DISK", disk.toString()).replace("COPY", copy.toString());
    List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", script, "sh"));
    command.addAll(java);
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    List<String> failed = new ArrayList<>();
    List<String> mended = new ArrayList<>();
    try (BufferedReader log = process.errorReader(StandardCharsets.UTF_8);
        Writer asks = process.outputWriter()) {
      boolean full = false;
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        if (line.contains("\"checkpoint\"") && !full) {
          ask(asks, "fill");
          full = true;
        } else if (line.contains("\"not-written\"")) {
          failed.add(line);
          if (failed.stream().anyMatch(l -> l.contains("audits.csv"))
              && failed.stream().anyMatch(l -> l.contains("no checkpoint after"))) {
            ask(asks, "free");
          }
        } else if (line.contains("\"written-again\"")) {
          mended.add(line);
          if (mended.size() == failed.size()) {
            process.descendants().filter(p -> isJava(p)).forEach(ProcessHandle::destroy);
          }
        }
      }
      assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() == 77) {
      return;
    }
    assertThat(failed).allMatch(line -> line.contains("No space left on device"));
    assertThat(process.exitValue()).as(String.join("\n", failed)).isEqualTo(143);
    List<String> audits = Files.readAllLines(copy.resolve("audits.csv"));
    for (int i = 1; i < audits.size(); i++) {
      assertThat(audits.get(i)).startsWith(50 * (i - 1) + ",");
    }
    assertThat(RunSummary.read(copy).state()).isEqualTo("interrupted");
    assertThat(copy.resolve("report.html")).isRegularFile();
    long updates = RunSummary.read(copy).updates();
    Cli goesOn =
        Cli.run("train", "--resume", copy.toString(), "--updates", Long.toString(updates + 50));
    assertThat(goesOn.code()).as(goesOn.err()).isZero();
    assertThat(goesOn.err()).startsWith("Going on from update " + updates);
  }

  private static boolean isJava(ProcessHandle process) {
    return process.info().command().orElse("").endsWith("java");
  }

  private static void ask(Writer asks, String what) throws IOException {
    asks.write(what + "\n");
    asks.flush();
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
