package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What stands where a run's file should be: none of it may be waited for, or be in the way of what
 * is whole. The timeout is against a pipe that nobody writes to, nothing else.
 */
@Timeout(60)
class UnreadableFilesTest {
  @TempDir private Path folder;
  private Path runs;

  private enum Kind {
    FOLDER,
    PIPE,
    LOOP,
    ENDLESS,
    SPARSE,
    GARBAGE,
    EMPTY;

    void put(Path file) throws IOException, InterruptedException {
      Files.deleteIfExists(file);
      switch (this) {
        case FOLDER -> Files.createDirectories(file.resolve("x"));
        case PIPE -> assertThat(new ProcessBuilder("mkfifo", file + "").start().waitFor()).isZero();
        case LOOP -> Files.createSymbolicLink(file, file.getFileName());
        case ENDLESS -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
        case SPARSE -> {
          try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
          }
        }
        case GARBAGE -> Files.write(file, new byte[] {(byte) 0x89, 0, 1, (byte) 0xff, 10, 13});
        case EMPTY -> Files.createFile(file);
      }
    }
  }

  @BeforeEach
  void train() {
    runs = folder.resolve("runs");
    Path text = Samples.text(folder);
    String[] options = {"--updates", "12", "--checkpoint-every", "4", "--keep", "9"};
    for (String run : List.of("bad", "good")) {
      String[] args = Samples.and(Samples.tiny("train", text, options), "--run", runs + "/" + run);
      Cli trained = Cli.run(args);
      assertThat(trained.code()).as(trained.err()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aNewestCheckpointThatCannotBeReadIsPassedOver(Kind kind) throws Exception {
    Path run = runs.resolve("bad");
    Path newest = run.resolve("checkpoints/update-000000012.safetensors");
    byte[] whole = Files.readAllBytes(runs.resolve("good/model.safetensors"));
    kind.put(newest);
    Files.delete(run.resolve("model.safetensors"));
    Cli goesOn = Cli.run("train", "--resume", run.toString());
    assertThat(goesOn.code()).as(goesOn.err()).isZero();
    assertThat(goesOn.err().lines())
        .hasSize(2)
        .first()
        .asString()
        .contains("warning: ", newest.toString(), ". Taking the one before it");
    assertThat(goesOn.err()).endsWith("Going on from update 8\n");
    assertThat(Files.readAllBytes(run.resolve("model.safetensors"))).isEqualTo(whole);
    assertThat(newest).isRegularFile();
  }

  @ParameterizedTest
  @CsvSource({
    "run.json,FOLDER,it is a folder",
    "run.json,PIPE,it is no plain file",
    "run.json,LOOP,it is a link that leads nowhere",
    "run.json,ENDLESS,it is no plain file",
    "run.json,SPARSE,it has more than 64 MiB",
    "run.json,GARBAGE,it is no text in UTF-8",
    "run.json,EMPTY,is not the record of a training",
    "metrics.csv,FOLDER,it is a folder",
    "metrics.csv,PIPE,it is no plain file",
    "metrics.csv,LOOP,it is a link that leads nowhere",
    "metrics.csv,ENDLESS,it is no plain file",
    "metrics.csv,SPARSE,is not the metrics of a training",
    "metrics.csv,GARBAGE,is not the metrics of a training",
  })
  void aRunThatCannotBeReadIsOneLine(String name, Kind kind, String why) throws Exception {
    Path file = runs.resolve("bad").resolve(name);
    kind.put(file);
    Cli listed = Cli.run("runs", runs.toString());
    assertThat(listed.code()).as(listed.err()).isZero();
    assertThat(listed.out()).contains("good").doesNotContain("bad");
    assertThat(listed.err().lines())
        .singleElement()
        .asString()
        .contains("left out " + runs.resolve("bad") + ": " + file, why, "Check it");
    String bad = runs.resolve("bad").toString();
    Cli compared = Cli.run("runs", "compare", bad, runs.resolve("good").toString());
    assertThat(compared.code()).isEqualTo(ExitCode.INPUT);
    assertThat(compared.err()).contains(file.toString(), why);
    // The model is whole, and all that these need.
    Cli generated = Cli.run("generate", bad, "--length", "9");
    assertThat(generated.code()).as(generated.err()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"FOLDER", "PIPE", "LOOP", "ENDLESS"})
  void aLockThatIsNoneIsNotWaitedFor(Kind kind) throws Exception {
    Path run = runs.resolve("bad");
    kind.put(run.resolve("checkpoints/.lock"));
    assertThat(Cli.run("runs", runs.toString()).out()).contains("bad", "good");
    Cli goesOn = Cli.run("train", "--resume", run.toString(), "--updates", "16");
    assertThat(goesOn.code()).isEqualTo(ExitCode.FAILED);
    assertThat(goesOn.err()).contains("cannot be written: ", "it is ");
  }

  // Nothing that was named on the command line is read without end, or into all of the memory.
  @Test
  void filesThatAreNamedAreReadToABound() throws Exception {
    String model = runs.resolve("good/model.safetensors").toString();
    String zero = "/dev/zero";
    for (String[] args :
        List.of(
            new String[] {"train", "--config", zero},
            new String[] {"generate", model, "--symbols", zero})) {
      Cli run = Cli.run(args);
      assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.INPUT);
      assertThat(run.err()).contains(zero, "it has more than 64 MiB");
    }
    Path pipe = folder.resolve("pipe");
    Kind.PIPE.put(pipe);
    Thread writer = new Thread(() -> write(pipe, "{\"hidden\": 0}"));
    writer.start();
    Cli config = Cli.run("train", "--config", pipe.toString());
    writer.join();
    assertThat(config.code()).as(config.err()).isEqualTo(ExitCode.USAGE);
    assertThat(config.err()).contains("--hidden");
  }

  private static void write(Path pipe, String text) {
    try {
      Files.write(pipe, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void nothingIsLeftOfWhatStoodInTheWay() throws Exception {
    Path checkpoints = runs.resolve("bad/checkpoints");
    Kind.PIPE.put(checkpoints.resolve("update-000000012.safetensors"));
    assertThat(Cli.run("train", "--resume", runs + "/bad", "--updates", "16").code()).isZero();
    try (Stream<Path> files = Files.list(checkpoints)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains(
              "update-000000008.safetensors",
              "update-000000012.safetensors",
              "update-000000016.safetensors",
              "update-000000012.safetensors.damaged");
    }
  }
}
