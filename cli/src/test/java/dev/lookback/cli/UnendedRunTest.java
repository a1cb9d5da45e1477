package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that were ended in front of their first checkpoint, or behind their last. */
class UnendedRunTest {
  private static final int UPDATES = 12;

  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private String[] args(String name, String... more) {
    String[] limits = {"--updates", Integer.toString(UPDATES), "--checkpoint-every", "5"};
    String[] args = Samples.tiny("train", text, Samples.and(limits, more));
    return Samples.and(args, "--run", run(name).toString());
  }

  private void train(String name, String... more) {
    Cli run = Cli.run(args(name, more));
    assertThat(run.code()).as(run.err()).isZero();
  }

  private Path run(String name) {
    return folder.resolve(name);
  }

  private Cli resume(String name) {
    return Cli.run("train", "--resume", run(name).toString());
  }

  private JsonObject record(String name) throws IOException {
    String json = Files.readString(run(name).resolve("run.json"));
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private void write(String name, JsonObject record) throws IOException {
    Files.writeString(run(name).resolve("run.json"), record.toString());
  }

  /** The run as a process leaves it that is killed behind its last checkpoint. */
  private void killAtItsEnd(String name, String state) throws IOException {
    JsonObject record = record(name);
    record.addProperty("state", state);
    record.remove("result");
    record.remove("ended");
    write(name, record);
    Files.delete(run(name).resolve("report.html"));
    Files.delete(run(name).resolve("model.safetensors"));
  }

  private void killOnItsWay(String name) throws IOException {
    JsonObject record = record(name);
    record.addProperty("state", "running");
    write(name, record);
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

  private void requireEnded(String name, String whole) throws IOException {
    assertThat(record(name).get("state").getAsString()).isEqualTo("finished");
    assertThat(run(name).resolve("report.html")).exists();
    assertThat(run(name).resolve("model.safetensors"))
        .hasSameBinaryContentAs(run(whole).resolve("model.safetensors"));
    assertThat(withoutSeconds(run(name))).isEqualTo(withoutSeconds(run(whole)));
    JsonObject found = record(name).getAsJsonObject("result");
    JsonObject expected = record(whole).getAsJsonObject("result");
    for (JsonObject result : List.of(found, expected)) {
      List.of("seconds", "tokens_per_second", "run").forEach(result::remove);
    }
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--coupling full",
        "--coupling sliding:3,14 --audit-every 5",
        "--coupling adaptive:0.5,max=8",
        "--split 1,0,0"
      })
  void aRunThatWasKilledBehindItsLastCheckpointIsBroughtToItsEnd(String options)
      throws IOException {
    train("whole", options.split(" "));
    train("killed", options.split(" "));
    for (String state : new String[] {"running", "ending", "interrupted", "finished"}) {
      killAtItsEnd("killed", state);
      Cli end = resume("killed");
      assertThat(end.code()).as(end.err()).isZero();
      assertThat(end.err()).startsWith("Going on from update 12, the last one");
      assertThat(end.out()).contains("12 updates on 240 characters", "A sample");
      requireEnded("killed", "whole");
    }
    Cli again = resume("killed");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err())
        .startsWith(run("killed") + " has made 12 updates and reached its limit of --updates 12")
        .contains("--updates 24. Its end is made once more");
    assertThat(again.out()).contains("12 updates on 240 characters", "A sample");
    requireEnded("killed", "whole");
  }

  @ParameterizedTest
  @CsvSource({"KILL, 137", "TERM, 143", "INT, 130"})
  void asIsOneThatIsEndedInItsLastValidation(String signal, int code)
      throws IOException, InterruptedException {
    // On a busy machine the signal may come when the run has ended: the longer the validation, the
    // less so.
    int words = 15_000;
    String[] options = {"--split", "0.1,0.9,0", "--hidden", "32"};
    String name;
    String told;
    do {
      words *= 4;
      assertThat(words).isLessThan(20_000_000);
      name = "killed" + words;
      told = endedByASignal(name, words, signal, code, options);
    } while (RunSummary.read(run(name)).state().equals(RunSummary.FINISHED));
    if (signal.equals("KILL")) {
      assertThat(RunSummary.read(run(name)).state()).isEqualTo("trained");
    } else {
      assertThat(told).contains("To go on: lookback train --resume " + run(name));
      assertThat(RunSummary.read(run(name)).state()).isEqualTo("interrupted");
    }
    train("whole", options);
    Cli end = resume(name);
    assertThat(end.code()).as(end.err()).isZero();
    requireEnded(name, "whole");
  }

  private String endedByASignal(String name, int words, String signal, int code, String... options)
      throws IOException, InterruptedException {
    text = Samples.write(folder.resolve("long.txt"), Samples.words(words));
    Path checkpoints = Files.createDirectories(run(name).resolve("checkpoints"));
    Path last = checkpoints.resolve("update-000000012.safetensors");
    Path errors = folder.resolve("errors.txt");
    try (WatchService watch = folder.getFileSystem().newWatchService()) {
      checkpoints.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Process process = Programs.java(args(name, options)).redirectError(errors.toFile()).start();
      try {
        while (!Files.exists(last)) {
          WatchKey key = watch.poll(50, TimeUnit.SECONDS);
          assertThat(key).as("the last checkpoint").isNotNull();
          key.pollEvents();
          key.reset();
        }
        String pid = Long.toString(process.pid());
        new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      String told = Files.readString(errors);
      if (!RunSummary.read(run(name)).state().equals(RunSummary.FINISHED)) {
        assertThat(process.exitValue()).as(told).isEqualTo(code);
      }
      return told;
    }
  }

  @Test
  void runsTellsItFromOneThatWasKilledOnTheWay() throws IOException {
    train("run");
    killAtItsEnd("run", "ending");
    Cli runs = Cli.run("runs", folder.toString());
    assertThat(runs.out()).containsPattern("run +text.txt .* 12 .* trained\\R");
    assertThat(runs.err())
        .contains("run has made all its updates", "lookback train --resume " + run("run"));
    killOnItsWay("run");
    runs = Cli.run("runs", folder.toString());
    assertThat(runs.out()).contains(" killed\n");
    assertThat(runs.err()).isEmpty();
  }

  @Test
  void theUpdateOfAModelIsSaidWhereItsRunHasNotEnded() throws IOException {
    train("run");
    String model = run("run").toString();
    String[][] uses = {
      {"generate", model, "--length", "3"},
      {"evaluate", model, text.toString()},
      {"audit", model, text.toString(), "--windows", "2", "--steps", "10"},
      {"export", model, "--onnx", folder.resolve("m.onnx").toString()}
    };
    for (String[] use : uses) {
      assertThat(Cli.run(use).err()).doesNotContain("update");
    }
    killOnItsWay("run");
    for (String[] use : uses) {
      Cli told = Cli.run(use);
      assertThat(told.code()).as(told.err()).isZero();
      assertThat(told.err())
          .contains("the run " + model + " has not ended (killed): its model is from update 12")
          .contains("To end it: lookback train --resume " + model);
    }
    try (RunLock lock = RunLock.take(run("run"))) {
      assertThat(lock).isNotNull();
      assertThat(Cli.run(uses[0]).err()).contains("(running)", "It is still running");
    }
  }

  @Test
  void aRunThatWasKilledInFrontOfItsFirstCheckpointBeginsAgain() throws IOException {
    train("whole");
    Files.createDirectories(run("killed").resolve("checkpoints"));
    JsonObject record = record("whole");
    record.addProperty("state", "running");
    record.remove("result");
    write("killed", record);
    Files.writeString(run("killed").resolve("checkpoints/.lookback-0.tmp"), "half a checkp");
    Cli again = resume("killed");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).contains("There is no checkpoint yet: beginning again from update 0");
    requireEnded("killed", "whole");
  }

  @Test
  void aFolderThatHoldsNothingButALockIsEmpty() throws IOException {
    Files.createDirectories(run("run").resolve("checkpoints"));
    Files.createFile(run("run").resolve("checkpoints/.lock"));
    train("run");
    Cli another = Cli.run(args("run"));
    assertThat(another.code()).isEqualTo(ExitCode.USAGE);
    assertThat(another.err()).contains("is not empty");
  }

  /** The column says what the update of the line was made with. */
  @Test
  void theRateOfALineIsThatOfItsUpdate() throws IOException {
    train("run", "--warm-up", "4", "--lr", "0.4");
    List<String> lines = Files.readAllLines(run("run").resolve("metrics.csv"));
    int column = List.of(lines.get(0).split(",")).indexOf("rate");
    assertThat(lines.subList(1, 7))
        .extracting(line -> Double.parseDouble(line.split(",", -1)[column]))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
        .containsExactly(0.08, 0.16, 0.24, 0.32, 0.4, 0.4);
  }
}
