package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard output that is full, closed, or no longer read. */
class UnwrittenOutputTest {
  private static final String FULL = "No space left on device";

  @TempDir private static Path folder;
  private static String text;
  private static String model;

  @BeforeAll
  static void train() {
    text = Samples.text(folder).toString();
    model = folder.resolve("run").toString();
    assertThat(Cli.run(Samples.and(Samples.tiny("train", Path.of(text)), "--run", model)).code())
        .isZero();
  }

  /** Takes some bytes, then says that it cannot. */
  private static final class Ending extends OutputStream {
    private final String reason;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private int left;

    Ending(int bytes, String reason) {
      this.left = bytes;
      this.reason = reason;
    }

    @Override
    public void write(int b) throws IOException {
      if (left == 0) {
        throw new IOException(reason);
      }
      left--;
      taken.write(b);
    }
  }

  private record Ended(int code, String out, String err) {}

  private static Ended run(Ending out, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ByteArrayInputStream nothing = new ByteArrayInputStream(new byte[0]);
    int code = Main.run(new Terminal(nothing, out, err, false), args);
    return new Ended(
        code, out.taken.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static String[] words(String command) {
    String fresh =
        folder.resolve("fresh-" + Integer.toUnsignedString(command.hashCode())).toString();
    return Arrays.stream(command.split(" "))
        .map(w -> w.replace("MODEL", model).replace("TEXT", text).replace("FRESH", fresh))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evaluate MODEL TEXT --json",
        "evaluate MODEL TEXT",
        "generate MODEL --length 10 --json",
        "generate MODEL --length 10",
        "audit MODEL TEXT --windows 2 --json",
        "audit MODEL TEXT --windows 2",
        "train TEXT --hidden 4 --updates 2 --steps 10 --batch 2 --run FRESH",
        "train TEXT --hidden 4 --updates 2 --steps 10 --batch 2 --run FRESH --json",
        "train TEXT --hidden 4 --updates 2 --steps 10 --batch 2 --run FRESH --log-format json",
        "plan --hidden 8 --json",
        "plan --hidden 8",
        "export MODEL --onnx FRESH.onnx --json",
        "export MODEL --onnx FRESH.onnx",
        "explain --out FRESH --json",
        "explain",
        "bench --hidden 4 --warmup 0 --iterations 2 --json",
        "bench --hidden 4 --warmup 0 --iterations 2",
        "tasks --json",
        "tasks",
        "--help",
        "train --help",
        "help train",
        "--version",
        "generate-completion",
      })
  void aFullDiskIsAFailureWithItsReason(String command) {
    Ended full = run(new Ending(3, FULL), words(command));
    assertThat(full.code()).as(full.err()).isEqualTo(ExitCode.FAILED);
    assertThat(full.out()).hasSize(3);
    assertThat(full.err())
        .containsOnlyOnce("standard output could not be written")
        .contains(FULL)
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluate MODEL TEXT --json", "tasks", "plan --hidden 8", "train --help"})
  void aReaderWhoLeavesIsNoFailureToTellOf(String command) {
    Ended left = run(new Ending(3, "Broken pipe"), words(command));
    assertThat(left.code()).isEqualTo(ExitCode.ABANDONED);
    assertThat(left.err()).doesNotContain("lookback:", "pipe");
  }

  @Test
  void whatFailedBeforeIsWhatCounts() {
    Ended refused = run(new Ending(0, FULL), "train", text, "--hidden", "0");
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run(new Ending(0, "Broken pipe"), "tasks", "--nonsense").code())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void nothingIsWrittenBehindAGap() throws IOException {
    // Room for the second byte only: a stream that failed once stays closed.
    OutputStream full =
        new OutputStream() {
          private boolean failed;

          @Override
          public void write(int b) throws IOException {
            if (!failed) {
              failed = true;
              throw new IOException(FULL);
            }
            throw new AssertionError("written after a failure");
          }
        };
    try (Output out = Output.to(full)) {
      out.println("one");
      out.println("two");
      assertThat(out.failure()).map(IOException::getMessage).contains(FULL);
      assertThat(out.isAbandoned()).isFalse();
    }
  }

  // Its text comes after the pipe is closed, so nothing is written before.
  @Test
  void aPipeThatIsClosedEndsTheProgramQuietly() throws IOException, InterruptedException {
    Path err = folder.resolve("err");
    List<String> command = new ArrayList<>(Programs.java("evaluate", model, "-").command());
    command.addAll(1, List.of("-Duser.language=de", "-Xlog:disable"));
    Process process =
        Programs.of(command).redirectOutput(Redirect.PIPE).redirectError(err.toFile()).start();
    process.getInputStream().close();
    try (OutputStream in = process.getOutputStream()) {
      in.write(Samples.words(200).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(process.waitFor()).isEqualTo(ExitCode.ABANDONED);
    assertThat(Files.readString(err)).doesNotContain("lookback:", "Exception");
  }
}
