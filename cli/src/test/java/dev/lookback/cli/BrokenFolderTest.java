package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose files cannot be written for a while, or never again. */
class BrokenFolderTest {
  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private interface Action {
    void run() throws IOException;
  }

  /** Trains, and does something right after a checkpoint. */
  private Cli train(String run, Map<Integer, Action> actions) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream log =
        new OutputStream() {
          private int read;

          @Override
          public void write(int b) {
            err.write(b);
            if (b == '\n') {
              String line = err.toString(StandardCharsets.UTF_8).substring(read);
              read += line.length();
              told(JsonParser.parseString(line).getAsJsonObject());
            }
          }

          private void told(JsonObject event) {
            if (event.get("event").getAsString().equals("checkpoint")) {
              try {
                actions.getOrDefault(event.get("update").getAsInt(), () -> {}).run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }
        };
    String[] options = {
      "--updates", "24", "--checkpoint-every", "3", "--audit-every", "2", "--keep", "99"
    };
    String[] args = Samples.tiny("train", text, options);
    int code =
        Main.run(
            new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                log,
                false),
            Samples.and(
                args, "--log-format", "json", "--run", folder.resolve(run).toString(), "--json"));
    return new Cli(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static List<String> events(Cli run, String event) {
    return run.err()
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .filter(line -> line.get("event").getAsString().equals(event))
        .map(line -> line.get("message").getAsString())
        .toList();
  }

  // A folder in a file's place, which holds something so that nothing replaces it.
  private static void breakPlace(Path file) throws IOException {
    if (Files.exists(file)) {
      Files.move(file, file.resolveSibling(file.getFileName() + ".away"));
    }
    Files.createDirectories(file.resolve("x"));
  }

  private static void mendPlace(Path file) throws IOException {
    Files.delete(file.resolve("x"));
    Files.delete(file);
    Path away = file.resolveSibling(file.getFileName() + ".away");
    if (Files.exists(away)) {
      Files.move(away, file);
    }
  }

  private Path file(String run, String name) {
    try (Stream<Path> files = Files.list(folder.resolve(run))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(name))
          .filter(file -> !file.toString().endsWith(".away"))
          .findAny()
          .orElse(folder.resolve(run).resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> withoutSeconds(String run) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(run).resolve("metrics.csv"))) {
      List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
      cells.remove(3);
      lines.add(String.join(",", cells));
    }
    return lines;
  }

  private void requireSame(String run, String whole) throws IOException {
    assertThat(withoutSeconds(run)).isEqualTo(withoutSeconds(whole));
    for (String same : new String[] {"model.safetensors", "audits.csv"}) {
      assertThat(folder.resolve(run).resolve(same))
          .hasSameBinaryContentAs(folder.resolve(whole).resolve(same));
    }
    assertThat(RunSummary.read(folder.resolve(run)).state()).isEqualTo("finished");
    assertThat(folder.resolve(run).resolve("report.html")).isRegularFile();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"metrics.csv", "audits.csv", "events.out", "model.safetensors", "checkpoints/"})
  void whatCannotBeWrittenIsToldOfOnceAndMadeUpFor(String which) throws IOException {
    assertThat(train("whole", Map.of()).code()).isZero();
    Action broken =
        () ->
            breakPlace(
                which.endsWith("/")
                    ? folder.resolve("run/checkpoints/update-000000009.safetensors")
                    : file("run", which));
    Action mended =
        () ->
            mendPlace(
                which.endsWith("/")
                    ? folder.resolve("run/checkpoints/update-000000009.safetensors")
                    : file("run", which));
    Cli run = train("run", Map.of(6, broken, 15, mended));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(events(run, "not-written"))
        .singleElement()
        .asString()
        .contains("could not write ", which.replace("/", ""), " goes on");
    assertThat(events(run, "written-again"))
        .singleElement()
        .asString()
        .endsWith(" can be written again");
    requireSame("run", "whole");
    assertThat(Files.size(file("run", "events.out")))
        .isEqualTo(Files.size(file("whole", "events.out")));
    Cli goesOn = Cli.run("train", "--resume", folder.resolve("run").toString(), "--updates", "30");
    assertThat(goesOn.err()).startsWith("Going on from update 24").doesNotContain("warning");
  }

  @ParameterizedTest
  @ValueSource(strings = {"metrics.csv", "audits.csv"})
  void aFileThatSomebodyRemovesIsBegunAgain(String which) throws IOException {
    Cli run = train("run", Map.of(6, () -> Files.delete(file("run", which))));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.readAllLines(folder.resolve("run").resolve(which)).get(0))
        .startsWith("update,");
    String resumed = folder.resolve("run").toString();
    Cli goesOn = Cli.run("train", "--resume", resumed, "--updates", "30");
    assertThat(goesOn.code()).isZero();
    assertThat(goesOn.err()).doesNotContain("warning");
  }

  /** It is not made anew: where its disk is gone, that would fill the place it stood in. */
  @Test
  void whereTheFolderIsGoneTheModelIsWrittenElsewhere() throws IOException {
    assertThat(train("whole", Map.of()).code()).isZero();
    String name = "gone-" + ProcessHandle.current().pid();
    Path at = folder.resolve(name);
    Path away = folder.resolve("away");
    Path rescued = Path.of(name + "-rescued");
    Cli run = train(name, Map.of(6, () -> Files.move(at, away)));
    try {
      assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FAILED);
      assertThat(events(run, "not-written"))
          .containsExactly(
              "the run folder "
                  + at
                  + " cannot be written: there is no such folder any more. The run goes on, and"
                  + " its model is written elsewhere at the end");
      assertThat(events(run, "error"))
          .singleElement()
          .asString()
          .contains("there is no such folder any more")
          .contains("there are in the folder " + rescued + ": model.safetensors, report.html");
      assertThat(rescued.resolve("model.safetensors"))
          .hasSameBinaryContentAs(folder.resolve("whole/model.safetensors"));
      assertThat(rescued.resolve("run.json")).content().contains("\"state\": \"finished\"");
      assertThat(Files.readString(rescued.resolve("metrics.csv"))).contains("\n24,1,480,");
      assertThat(at).doesNotExist();
    } finally {
      remove(rescued);
    }
    Cli goesOn = Cli.run("train", "--resume", away.toString());
    assertThat(goesOn.code()).as(goesOn.err()).isZero();
    requireSame("away", "whole");
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Test
  void anOldCheckpointThatStaysIsNoMissingOne() throws IOException {
    Path made = folder.resolve("run");
    Path old = made.resolve("checkpoints/update-000000000.safetensors");
    String[] options = {"--updates", "9", "--checkpoint-every", "3", "--keep", "1"};
    Files.createDirectories(made);
    Cli first =
        Cli.run(Samples.and(Samples.tiny("train", text, options), "--run", made.toString()));
    assertThat(first.code()).as(first.err()).isZero();
    Files.createDirectories(old.resolve("x"));
    Cli run = Cli.run("train", "--resume", made.toString(), "--updates", "15");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .containsOnlyOnce("is saved, but an old one could not be removed: " + old)
        .doesNotContain("no checkpoint after");
  }
}
