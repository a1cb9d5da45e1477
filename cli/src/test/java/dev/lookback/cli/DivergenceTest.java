package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.format.CheckpointFile;
import dev.lookback.format.ModelFile;
import dev.lookback.weights.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings that diverge: where, what is kept of it, and going back. */
class DivergenceTest {
  private static final String[] EXPLODING = {"--clip", "0", "--optimizer", "sgd"};

  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private Cli train(String... more) {
    List<String> given = List.of(more);
    String[] all = Samples.and(EXPLODING, more);
    all = given.contains("--cell") ? all : Samples.and(all, "--activation", "identity");
    all = given.contains("--updates") ? all : Samples.and(all, "--updates", "400");
    String[] args = Samples.tiny("train", text, all);
    return Cli.run(Samples.and(args, "--run", run().toString()));
  }

  private Path run() {
    return folder.resolve("run");
  }

  private JsonObject record() throws IOException {
    return JsonParser.parseString(Files.readString(run().resolve("run.json"))).getAsJsonObject();
  }

  private List<Path> bundles() throws IOException {
    try (Stream<Path> files = Files.list(run())) {
      return files.filter(f -> f.getFileName().toString().startsWith("divergence-")).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--coupling full --lr 1e6",
        "--coupling full --lr 1e6 --layers 2 --dropout 0.4",
        "--coupling random:4,per-lane --lr 1e6",
        "--coupling sliding:3,9 --lr 3",
        "--coupling sliding:3,9 --stride own --lr 3",
        "--coupling full --cell lstm --lr 1e38"
      })
  void isReplayedWithoutItsData(String options) throws IOException {
    Cli run = train(options.split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DIVERGED);
    assertThat(run.err())
        .containsPattern("became (NaN|-?Infinity) at update \\d+ \\(window \\d+, steps? -?\\d+")
        .contains(
            "the last finite gradient norm was", ". Lower --lr, such as to a tenth, or --clip")
        .contains("lookback replay " + run().resolve("divergence-"));
    assertThat(bundles()).hasSize(1);
    Files.delete(text);
    Path bundle = Files.move(bundles().get(0), folder.resolve("elsewhere"));
    Cli replayed = Cli.run("replay", bundle.toString());
    assertThat(replayed.code()).as(replayed.err()).isEqualTo(ExitCode.DIVERGED);
    String told = replayed.err().strip();
    assertThat(told).endsWith(Diverged.REMEDY);
    assertThat(run.err()).contains(told);
    JsonObject how = record().getAsJsonObject("divergence");
    assertThat("lookback: " + how.get("message").getAsString()).isEqualTo(told);
    Cli json = Cli.run("replay", bundle.toString(), "--json");
    JsonObject object = JsonParser.parseString(json.out()).getAsJsonObject();
    assertThat(object.get("reproduced").getAsBoolean()).isTrue();
    assertThat(object.get("origin")).isEqualTo(how.get("origin"));
    // The network before the update is a model like any other.
    assertThat(ModelFile.read(bundle.resolve("model.safetensors")).vocabulary()).isPresent();
  }

  @Test
  void aBundleThatIsNoneIsRefused() throws IOException {
    Cli none = Cli.run("replay", folder.toString());
    assertThat(none.code()).isEqualTo(ExitCode.INPUT);
    assertThat(none.err()).contains("holds no incident.safetensors", "Pass the folder");
    train("--lr", "1e6");
    Path bundle = bundles().get(0);
    Path incident = bundle.resolve("incident.safetensors");
    byte[] bytes = Files.readAllBytes(incident);
    bytes[bytes.length - 3] ^= 1;
    Files.write(incident, bytes);
    Cli damaged = Cli.run("replay", bundle.toString());
    assertThat(damaged.code()).isEqualTo(ExitCode.INPUT);
    assertThat(damaged.err()).contains("is damaged").doesNotContain("\tat ");
  }

  /** A model of the run in the place of the one before the update: it does not fail there. */
  @Test
  void anUpdateThatGoesWellIsNoReplay() throws IOException {
    train("--lr", "1e6");
    Path bundle = bundles().get(0);
    Files.copy(
        run().resolve("model.safetensors"),
        bundle.resolve("model.safetensors"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Cli replayed = Cli.run("replay", bundle.toString());
    assertThat(replayed.code()).as(replayed.err()).isEqualTo(ExitCode.FAILED);
    assertThat(replayed.err()).contains("does not end as it did");
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "sliding:3,9"})
  void backsOffUntilItHolds(String coupling) throws IOException {
    Cli run =
        train(
            "--coupling",
            coupling,
            "--lr",
            "8",
            "--on-divergence",
            "back-off:30",
            "--updates",
            "60");
    assertThat(run.code()).as(run.err()).isZero();
    JsonArray all = record().getAsJsonArray("back_offs");
    assertThat(all).isNotEmpty();
    double rate = 8;
    for (int i = 0; i < all.size(); i++) {
      JsonObject back = all.get(i).getAsJsonObject();
      rate /= 2;
      assertThat(back.get("rate").getAsDouble()).isEqualTo(rate);
      assertThat(back.get("back_off").getAsInt()).isEqualTo(i + 1);
      assertThat(back.get("back_to_update").getAsLong())
          .isLessThan(back.get("failed_update").getAsLong() - 1);
      assertThat(back.get("message").getAsString()).contains("became");
    }
    assertThat(run.err().lines().filter(line -> line.contains("Back to the weights after update")))
        .hasSize(all.size())
        .allMatch(line -> line.startsWith("warning: "));
    // With the rate at which it held from the start, the same weights: it went back to them.
    JsonObject result = record().getAsJsonObject("result");
    assertThat(result.get("updates").getAsInt()).isEqualTo(60);
    if (all.get(all.size() - 1).getAsJsonObject().get("back_to_update").getAsInt() == 0) {
      float[] weights = ModelFile.read(run().resolve("model.safetensors")).weights().values();
      Path other = folder.resolve("other");
      String[] args =
          Samples.tiny(
              "train", text, Samples.and(EXPLODING, "--activation", "identity", "--updates", "60"));
      Cli slow =
          Cli.run(
              Samples.and(
                  args, "--coupling", coupling, "--lr", "" + rate, "--run", other.toString()));
      assertThat(slow.code()).as(slow.err()).isZero();
      assertThat(ModelFile.read(other.resolve("model.safetensors")).weights().values())
          .isEqualTo(weights);
    }
  }

  /** A run that has gone back and is resumed keeps to the lower rate: the bits are the same. */
  @Test
  void aRunThatHasGoneBackCanBeResumed() throws IOException {
    String[] options = {"--lr", "8", "--on-divergence", "back-off:30"};
    Cli whole = train(Samples.and(options, "--updates", "60"));
    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(record().getAsJsonArray("back_offs")).isNotEmpty();
    float[] weights = ModelFile.read(run().resolve("model.safetensors")).weights().values();
    Path other = folder.resolve("other");
    String[] all = Samples.and(EXPLODING, "--activation", "identity", "--updates", "40");
    String[] args = Samples.tiny("train", text, Samples.and(all, options));
    Cli first = Cli.run(Samples.and(args, "--run", other.toString()));
    assertThat(first.code()).as(first.err()).isZero();
    Cli rest = Cli.run("train", "--resume", other.toString(), "--updates", "60");
    assertThat(rest.code()).as(rest.err()).isZero();
    assertThat(ModelFile.read(other.resolve("model.safetensors")).weights().values())
        .isEqualTo(weights);
  }

  @Test
  void givesUpAfterSoManyTimes() throws IOException {
    Cli run = train("--lr", "1e30", "--on-divergence", "back-off:2", "--checkpoint-every", "1");
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DIVERGED);
    assertThat(bundles()).hasSize(1);
    assertThat(record().get("state").getAsString()).isEqualTo("diverged");
    for (float weight : ModelFile.read(run().resolve("model.safetensors")).weights().values()) {
      assertThat(weight).isFinite();
    }
    try (Stream<Path> files = Files.list(run().resolve("checkpoints"))) {
      List<Path> checkpoints = files.filter(f -> f.toString().endsWith(".safetensors")).toList();
      assertThat(checkpoints).isNotEmpty();
      for (Path checkpoint : checkpoints) {
        assertThat(CheckpointFile.read(checkpoint).floatNames()).contains("training.weights");
      }
    }
  }

  /** Metrics and audits are those of the way that was taken, as if there had been no other. */
  @Test
  void nothingOfTheWayThatWasLeftStaysInTheCurves() throws IOException {
    String[] watched = {"--audit-every", "7", "--checkpoint-every", "1", "--updates", "60"};
    Cli run = train(Samples.and(watched, "--lr", "8", "--on-divergence", "back-off:30"));
    assertThat(run.code()).as(run.err()).isZero();
    JsonArray all = record().getAsJsonArray("back_offs");
    JsonObject last = all.get(all.size() - 1).getAsJsonObject();
    assertThat(last.get("back_to_update").getAsInt()).isZero();
    assertThat(last.get("failed_update").getAsInt()).isGreaterThan(7);
    Path other = folder.resolve("other");
    String[] options = Samples.and(EXPLODING, "--activation", "identity", "--lr");
    String[] held = Samples.and(options, last.get("rate").getAsString(), "--run", other.toString());
    Cli slow = Cli.run(Samples.tiny("train", text, Samples.and(watched, held)));
    assertThat(slow.code()).as(slow.err()).isZero();
    assertThat(withoutSeconds(run())).isEqualTo(withoutSeconds(other));
    assertThat(run().resolve("audits.csv")).hasSameBinaryContentAs(other.resolve("audits.csv"));
  }

  private static List<String> withoutSeconds(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.csv")).stream()
        .map(line -> line.replaceFirst("^([^,]*,[^,]*,[^,]*),[^,]*", "$1"))
        .toList();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Cli run = train("--on-divergence", "back-off:0");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("has to be stop, back-off, or back-off:N");
  }

  @Test
  void aBundleWhoseModelIsAnotherIsRefusedByItsName() throws IOException {
    assertThat(train("--lr", "1e6").code()).isEqualTo(ExitCode.DIVERGED);
    Path bundle = bundles().get(0);
    Path incident = bundle.resolve("incident.safetensors");
    Snapshot whole = CheckpointFile.read(incident);
    Snapshot.Writer to = Snapshot.writer();
    whole.floatNames().forEach(name -> to.put(name, whole.floats(name)));
    whole.wordNames().forEach(name -> to.put(name, whole.word(name)));
    for (String name : whole.intNames()) {
      int[] values = whole.ints(name);
      values[0] = name.endsWith("classes") ? 1000 : values[0];
      to.put(name, values);
    }
    CheckpointFile.write(incident, to.done());
    Cli replayed = Cli.run("replay", bundle.toString());
    assertThat(replayed.code()).as(replayed.err()).isEqualTo(ExitCode.INPUT);
    assertThat(replayed.err())
        .startsWith("lookback: " + incident + " cannot be replayed: ")
        .contains("class 1000");
  }
}
