package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.cli.report.Numbers;
import dev.lookback.gradient.CouplingNotation;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes of the program are not shown as its user's. */
class DefectTest {
  @TempDir private static Path folder;
  private static String model;

  @BeforeAll
  static void train() {
    model = folder.resolve("run").toString();
    String[] args = Samples.tiny("train", Samples.text(folder));
    assertThat(Cli.run(Samples.and(args, "--run", model)).code()).isZero();
  }

  /** What is thrown where an input is read, deep inside a command. */
  private static Throwable thrown(Runnable mistake) {
    try {
      mistake.run();
    } catch (RuntimeException | Error e) {
      return e;
    }
    throw new AssertionError("nothing was thrown");
  }

  @SuppressWarnings({"FormatString", "ReturnValueIgnored", "DefaultLocale", "InvalidPatternSyntax"})
  static List<Throwable> mistakes() {
    String wrong = "%q(";
    return List.of(
        thrown(() -> Integer.parseInt("12px")),
        thrown(() -> String.format(Locale.ROOT, wrong, 1)),
        thrown(() -> Pattern.compile(wrong)),
        thrown(() -> Path.of("a\0b")),
        thrown(() -> "x".repeat(wrong.length() - 9)),
        thrown(() -> new ArrayList<>(wrong.length() - 9)),
        thrown(() -> Thread.State.valueOf("NONE")),
        thrown(() -> Numbers.significant(1, wrong.length() - 3)),
        new IllegalStateException("cannot be"),
        new ClassCastException("no such class"),
        new NullPointerException(),
        new ArithmeticException("/ by zero"),
        new IndexOutOfBoundsException("9"),
        new UnsupportedOperationException(),
        new StackOverflowError(),
        new AssertionError("it holds"),
        new NoClassDefFoundError("dev/lookback/Gone"));
  }

  private static Cli reading(Throwable mistake, String... args) {
    InputStream in =
        new InputStream() {
          @Override
          public int read() {
            if (mistake instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) mistake;
          }

          @Override
          public int read(byte[] bytes, int from, int many) {
            return read();
          }
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(new Terminal(in, out, err, false), args);
    return new Cli(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeOfOursIsToldWithAllThatAReportNeeds(Throwable mistake) {
    Cli run = reading(mistake, "evaluate", model, "-");
    assertThat(run.code()).isEqualTo(ExitCode.DEFECT).isEqualTo(70);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("lookback: internal error: " + mistake.getClass().getName())
        .containsSubsequence(
            "This is a defect of Lookback, not of what you typed. Please report it",
            "\nlookback development, Java ",
            mistake.getClass().getName(),
            "\tat ");
  }

  @Test
  void aLogHasItInOneLine() {
    Cli run = reading(new IllegalStateException("cannot be"), "train", "-", "--log-format", "json");
    assertThat(run.code()).isEqualTo(ExitCode.DEFECT);
    JsonObject line = JsonParser.parseString(run.err().strip()).getAsJsonObject();
    assertThat(line.get("event").getAsString()).isEqualTo("defect");
    assertThat(line.get("report").getAsString()).contains("cannot be", "\tat ");
  }

  @Test
  void whatOurCodeRefusesInSoManyWordsIsWrongUsage() {
    Supplier<Throwable> refused = () -> thrown(() -> CouplingNotation.parse("fixed:0"));
    assertThat(Defect.is(refused.get())).isFalse();
    assertThat(Cli.run("plan", "--couplings", "fixed:0").code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.get()).isNotInstanceOf(IllegalFormatException.class);
  }
}
