package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.format.CheckpointFile;
import dev.lookback.weights.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train --resume}: what goes on is what would have been. */
class ResumedRunTest {
  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private static Cli done(Cli run) {
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private Cli train(String name, String... more) {
    String[] args = Samples.tiny("train", text, more);
    return done(Cli.run(Samples.and(args, "--run", folder.resolve(name).toString())));
  }

  private Path run(String name) {
    return folder.resolve(name);
  }

  private Cli resume(String name, String... more) {
    return Cli.run(Samples.and(new String[] {"train", "--resume", run(name).toString()}, more));
  }

  private static Path checkpoint(Path run, int update) {
    return run.resolve("checkpoints")
        .resolve(String.format(Locale.ROOT, "update-%09d.safetensors", update));
  }

  /** The run as a process left it that was killed some time after that update's checkpoint. */
  private Path killedAfter(String whole, int update, String name) throws IOException {
    Path from = run(whole);
    Path to = run(name);
    Files.createDirectories(to.resolve("checkpoints"));
    Files.copy(from.resolve("run.json"), to.resolve("run.json"));
    String metrics = Files.readString(from.resolve("metrics.csv"));
    Files.writeString(to.resolve("metrics.csv"), metrics + "99,0,1");
    Files.copy(checkpoint(from, update), checkpoint(to, update));
    Files.writeString(to.resolve("checkpoints/.lookback-0.tmp"), "half a checkp");
    Files.writeString(to.resolve(".lookback-0.tmp"), "half a mod");
    return to;
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

  private static String sample(Cli run) {
    return run.out().substring(run.out().indexOf("A sample"), run.out().indexOf("Next:"));
  }

  private static JsonObject result(Path run) throws IOException {
    JsonObject result = record(run).getAsJsonObject("result").deepCopy();
    List.of("seconds", "tokens_per_second", "run").forEach(result::remove);
    return result;
  }

  private static JsonObject record(Path run) throws IOException {
    return JsonParser.parseString(Files.readString(run.resolve("run.json"))).getAsJsonObject();
  }

  private static void requireSame(Path found, Path expected) throws IOException {
    assertThat(withoutSeconds(found)).isEqualTo(withoutSeconds(expected));
    assertThat(found.resolve("model.safetensors"))
        .hasSameBinaryContentAs(expected.resolve("model.safetensors"));
    assertThat(result(found)).isEqualTo(result(expected));
    if (Files.exists(expected.resolve("audits.csv"))) {
      assertThat(found.resolve("audits.csv"))
          .hasSameBinaryContentAs(expected.resolve("audits.csv"));
    }
    try (Stream<Path> files = Files.walk(found)) {
      assertThat(files.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--coupling full",
        "--coupling sliding:3,14 --cell lstm --layers 2 --dropout 0.3",
        "--coupling sliding:3,14 --refresh --steps 6 --optimizer rmsprop",
        "--coupling random:5,stratified --cell gru --optimizer momentum",
        "--coupling adaptive:0.5,max=8",
        "--coupling fixed:5 --audit-every 10",
        "--coupling fixed:4 --sampling windows --rate cosine:60 --warm-up 5 --clip 0.5",
        "--coupling full --memory 4KiB --optimizer sgd --state reset",
        "--coupling every-loss-at-least:5 --stride own --weight-decay 0.1 --split 1,0,0",
      })
  void metricsWeightsAndSampleAreThoseOfTheUnbrokenRun(String options) throws IOException {
    String[] more = Samples.and(options.split(" "), "--updates", "60", "--threads", "1");
    Cli whole = train("whole", Samples.and(more, "--checkpoint-every", "19", "--keep", "99"));
    for (int update : new int[] {0, 19, 38}) {
      Path killed = killedAfter("whole", update, "killed-" + update);
      Cli goesOn = done(resume(killed.getFileName().toString(), "--threads", "2"));
      assertThat(goesOn.err().strip()).isEqualTo("Going on from update " + update);
      assertThat(sample(goesOn)).isEqualTo(sample(whole));
      requireSame(killed, run("whole"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"task:copy?T=5,m=2", "task:adding?T=6", "task:brackets"})
  void tasksGoOn(String task) throws IOException {
    String[] args = {
      "train", task, "--hidden", "6", "--batch", "3", "--updates", "40", "--checkpoint-every", "17"
    };
    String[] keep = {"--keep", "99", "--coupling", "sliding:4,20", "--run"};
    done(Cli.run(Samples.and(Samples.and(args, keep), run("whole").toString(), "--steps", "18")));
    Path killed = killedAfter("whole", 17, "killed");
    done(resume("killed"));
    requireSame(killed, run("whole"));
  }

  @Test
  void aFinishedRunGoesOnToAHigherLimit() throws IOException {
    train("whole", "--updates", "9");
    train("short", "--updates", "5");
    done(resume("short", "--updates", "9"));
    requireSame(run("short"), run("whole"));
    JsonObject record = record(run("short"));
    assertThat(record.getAsJsonArray("resumed")).hasSize(1);
    assertThat(record.get("state").getAsString()).isEqualTo("finished");
    byte[] before = Files.readAllBytes(run("short").resolve("run.json"));
    Cli again = resume("short", "--updates", "7");
    assertThat(again.code()).isEqualTo(ExitCode.USAGE);
    assertThat(again.err())
        .contains("has made 9 updates and reached its limit of --updates 7", "--updates 18");
    assertThat(run("short").resolve("run.json")).hasBinaryContent(before);
  }

  @Test
  void theLastCheckpointsAreKept() throws IOException {
    train("run", "--updates", "7", "--checkpoint-every", "2", "--keep", "3");
    try (Stream<Path> files = Files.list(run("run").resolve("checkpoints"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              ".lock",
              "update-000000004.safetensors",
              "update-000000006.safetensors",
              "update-000000007.safetensors");
    }
    assertThat(CheckpointFile.read(checkpoint(run("run"), 6)).whole("training.updates"))
        .isEqualTo(6);
  }

  /** Header, digest, words, numbers, the end: the one before is taken. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.1, 0.9, 1})
  void aDamagedCheckpointIsNamedAndTheOneBeforeTaken(double place) throws IOException {
    train("whole", "--updates", "15", "--checkpoint-every", "5", "--keep", "99");
    Path killed = killedAfter("whole", 5, "killed");
    byte[] bytes = Files.readAllBytes(checkpoint(run("whole"), 10));
    bytes[(int) Math.round(place * (bytes.length - 1))] ^= 4;
    Path damaged = Files.write(checkpoint(killed, 10), bytes);
    // It has happened before.
    Files.writeString(damaged.resolveSibling(damaged.getFileName() + ".damaged"), "another");
    Cli goesOn = done(resume("killed", "--keep", "1"));
    assertThat(goesOn.err())
        .startsWith("warning: " + damaged + " is damaged")
        .contains("Taking the one before it");
    requireSame(killed, run("whole"));
    assertThat(damaged.resolveSibling(damaged.getFileName() + ".damaged")).hasBinaryContent(bytes);
  }

  @Test
  void withoutAnyWholeCheckpointNothingCanGoOn() throws IOException {
    train("run");
    Files.write(checkpoint(run("run"), 0), new byte[] {1, 2, 3});
    Files.write(checkpoint(run("run"), 4), new byte[] {1, 2, 3});
    Cli goesOn = resume("run", "--updates", "9");
    assertThat(goesOn.code()).isEqualTo(ExitCode.INPUT);
    assertThat(goesOn.err()).contains("is cut off", "no checkpoint that is whole", "run.json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--hidden 9 | --hidden was 8 and is 9",
        "--coupling fixed:3 --lr 0.1 | --coupling was full and is fixed:3; --lr was 0.002 and is"
            + " 0.1",
        "--seed 2 | --seed was 1 and is 2",
        "--audit-every 2 | --audit-every was not set and is 2",
        "--max-tokens 100 | --max-tokens was not set and is 100",
      })
  void otherOptionsAreRefusedWithTheDifference(String options, String difference)
      throws IOException {
    train("run");
    byte[] before = Files.readAllBytes(run("run").resolve("run.json"));
    Cli goesOn = resume("run", Samples.and(options.split(" "), "--updates", "9"));
    assertThat(goesOn.code()).isEqualTo(ExitCode.USAGE);
    assertThat(goesOn.err()).contains("cannot go on with other options: ", difference);
    assertThat(run("run").resolve("run.json")).hasBinaryContent(before);
  }

  @Test
  void changedDataAreRefusedUnlessForced() throws IOException {
    train("run");
    String old = Files.readString(text);
    Files.writeString(text, old.replaceFirst("cat", "act"));
    Cli goesOn = resume("run", "--updates", "9");
    assertThat(goesOn.code()).isEqualTo(ExitCode.INPUT);
    assertThat(goesOn.err()).contains("have changed: fingerprint was ", "--force");
    Cli forced = done(resume("run", "--updates", "9", "--force"));
    assertThat(forced.err()).contains("warning: going on with other data: fingerprint");
    Files.writeString(text, old.replace('c', 'k'));
    Cli other = resume("run", "--updates", "12", "--force");
    assertThat(other.code()).isEqualTo(ExitCode.INPUT);
    assertThat(other.err())
        .containsPattern("the characters are not those of .*update-.*; fingerprint")
        .contains("The weights mean nothing there");
  }

  @Test
  void theSameTextMayLieElsewhere() throws IOException {
    train("whole", "--updates", "9");
    train("short", "--updates", "5");
    Path moved = Files.move(text, folder.resolve("moved.txt"));
    done(resume("short", "--updates", "9", "--data", moved.toString()));
    assertThat(withoutSeconds(run("short"))).isEqualTo(withoutSeconds(run("whole")));
  }

  @Test
  void whatIsNoRunIsSaid() throws IOException {
    Cli none = resume("none");
    assertThat(none.code()).isEqualTo(ExitCode.INPUT);
    assertThat(none.err()).contains("none is not the folder of a run");
    train("run");
    assertThat(resume("run", "--config", "x.json").err()).contains("Leave --config out");
    assertThat(Cli.run(Samples.tiny("train", text, "--force")).err())
        .contains("--force is for --resume");
    try (RunLock lock = RunLock.take(run("run"))) {
      assertThat(lock).isNotNull();
      assertThat(RunLock.isTaken(run("run"))).isTrue();
      assertThat(resume("run", "--updates", "9").err()).contains("another process is training in");
    }
  }

  @Test
  void theRecordSaysWhereARunWasMade() throws IOException {
    train("run", "--threads", "2");
    JsonObject record = record(run("run"));
    assertThat(record.get("commit").getAsString()).matches("unknown|[0-9a-f]{40}(-dirty)?");
    assertThat(record.get("threads").getAsInt()).isEqualTo(2);
    assertThat(record.get("simd").getAsString()).isNotEmpty();
    assertThat(record.get("started").getAsString()).matches("[0-9-]{10}T[0-9:]{8}Z");
    assertThat(record.get("ended").getAsString())
        .isGreaterThanOrEqualTo(record.get("started").getAsString());
    assertThat(record.getAsJsonObject("data").get("fingerprint").getAsString()).hasSize(64);
    assertThat(record.keySet()).contains("processor", "system", "architecture", "java");
  }

  @Test
  void aRecordOfALargerNetworkIsRefusedBeforeItIsMade() throws IOException {
    train("run");
    Path record = run("run").resolve("run.json");
    String changed = Files.readString(record).replace("\"hidden\": 8", "\"hidden\": 30000");
    Files.writeString(record, changed);
    Cli goesOn = resume("run", "--updates", "9");
    assertThat(goesOn.code()).as(goesOn.err()).isEqualTo(ExitCode.INPUT);
    assertThat(goesOn.err())
        .contains(record + " makes a network of ", checkpoint(run("run"), 4) + " holds ");
    assertThat(record).hasContent(changed);
    Files.writeString(record, changed.replace("30000", "8").replace("\"seed\": 1", "\"seed\": 2"));
    assertThat(resume("run", "--updates", "9").err())
        .contains(checkpoint(run("run"), 4) + " does not fit the training of " + record, "seed 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"half_life=", "relative_bias_low=", "tokens="})
  void anAuditThatLacksANumberIsRefused(String name) throws IOException {
    train("run", "--audit-every", "3");
    Path file = rewritten((word, value) -> value.replace(name, "other="));
    Cli goesOn = resume("run", "--updates", "9");
    assertThat(goesOn.code()).as(goesOn.err()).isEqualTo(ExitCode.INPUT);
    assertThat(goesOn.err()).contains(file.toString(), "audit 0 has", "but needs the numbers");
  }

  @Test
  void aCountOfUpdatesBehindTheTrainingsIsRefused() throws IOException {
    train("run");
    Path file =
        rewritten(
            (word, value) -> word.equals("run.account.all.updates") ? "" + Long.MIN_VALUE : value);
    Cli goesOn = resume("run", "--updates", "9");
    assertThat(goesOn.code()).as(goesOn.err()).isEqualTo(ExitCode.INPUT);
    assertThat(goesOn.err()).contains(file.toString(), "run.account.all.updates is -9223");
  }

  private Path rewritten(BinaryOperator<String> change) throws IOException {
    Path file = checkpoint(run("run"), 4);
    Snapshot whole = CheckpointFile.read(file);
    Snapshot.Writer to = Snapshot.writer();
    whole.floatNames().forEach(n -> to.put(n, whole.floats(n)));
    whole.intNames().forEach(n -> to.put(n, whole.ints(n)));
    whole.wordNames().forEach(n -> to.put(n, change.apply(n, whole.word(n))));
    CheckpointFile.write(file, to.done());
    return file;
  }
}
