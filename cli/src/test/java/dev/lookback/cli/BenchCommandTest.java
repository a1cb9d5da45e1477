package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lookback bench}: its fields, its table, and what it refuses. */
class BenchCommandTest {
  private static final String[] TINY =
      "bench --iterations 3 --warmup 0 --vocabulary 7 --hidden 5 --batch 2 --steps 4".split(" ");

  @TempDir private Path folder;

  private static JsonObject bench(String... options) {
    Cli run = Cli.run(Samples.and(without(List.of(options)), "--json"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().strip().lines()).hasSize(1);
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static double number(JsonObject object, String name) {
    return object.get(name).getAsDouble();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cell elman",
        "--cell gru --layers 2",
        "--cell lstm --dense",
        "--mode step --cell elman --dense",
        "--mode step --cell gru",
        "--mode step --cell lstm --layers 2 --threads 1",
      })
  void jsonHasEveryField(String options) {
    JsonObject found = bench(options.split(" "));
    assertThat(found.keySet())
        .containsExactly(
            "ms_per_step",
            "min_ms",
            "p90_ms",
            "tokens_per_second",
            "gflops",
            "peak_fraction",
            "peak_gflops",
            "threads",
            "iterations",
            "cell",
            "vocabulary",
            "hidden",
            "batch",
            "steps",
            "layers",
            "input",
            "mode",
            "kernels",
            "java",
            "first_ms",
            "tenth_ms",
            "loss");
    boolean training = !options.contains("step");
    double ms = number(found, "ms_per_step");
    assertThat(number(found, "min_ms")).isPositive().isLessThanOrEqualTo(ms);
    assertThat(number(found, "p90_ms")).isGreaterThanOrEqualTo(ms);
    double tokens = training ? 2 * 4 : 2;
    assertThat(number(found, "tokens_per_second")).isCloseTo(tokens / ms * 1000, within(1e-6));
    assertThat(number(found, "peak_fraction"))
        .isCloseTo(number(found, "gflops") / number(found, "peak_gflops"), within(1e-12));
    assertThat(number(found, "peak_gflops")).isPositive();
    assertThat(number(found, "first_ms")).isPositive();
    assertThat(found.get("tenth_ms").isJsonNull()).isTrue();
    assertThat(found.get("iterations").getAsInt()).isEqualTo(3);
    assertThat(found.get("steps").getAsInt()).isEqualTo(training ? 4 : 1);
    assertThat(found.get("mode").getAsString()).isEqualTo(training ? "train" : "step");
    assertThat(found.get("loss").isJsonNull()).isEqualTo(!training);
    assertThat(found.get("input").getAsString())
        .isEqualTo(options.contains("dense") ? "dense" : "tokens");
    assertThat(found.get("kernels").getAsString()).endsWith("-bit SIMD");
    assertThat(options).contains("--cell " + found.get("cell").getAsString());
  }

  @Test
  void operationsASecondAreThoseOfTheSizes() {
    JsonObject found = bench("--cell", "gru");
    // 2 N = 16; three times 3 H H + H V.
    double operations = 3 * 16 * (3 * 25 + 35);
    assertThat(number(found, "gflops"))
        .isCloseTo(operations / number(found, "ms_per_step") * 1e-6, within(1e-9));
  }

  @Test
  void theLossIsAFunctionOfTheSeed() {
    double one = number(bench("--threads", "1"), "loss");
    assertThat(number(bench("--threads", "2"), "loss")).isEqualTo(one);
    assertThat(number(bench("--seed", "2"), "loss")).isNotEqualTo(one);
    assertThat(one).isCloseTo(Math.log(7), within(0.5));
  }

  @Test
  void fromTheTenthStepOnItsTimeIsThere() {
    JsonObject found = bench("--warmup", "8", "--iterations", "2");
    assertThat(number(found, "tenth_ms")).isGreaterThanOrEqualTo(number(found, "first_ms"));
  }

  @Test
  void peopleReadATable() {
    Cli run = Cli.run(without(List.of("--threads", "2", "--layers", "2", "--warmup", "7")));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).allMatch(line -> line.length() <= 80);
    assertThat(run.out())
        .contains("lstm, 2 layers of 5 units, vocabulary 7")
        .contains("3 measured steps, 2 streams of 4 steps, tokens; Java ")
        .contains("median", "min", "p90", "tokens/s", "GFLOP/s", "of the peak", "training")
        .containsPattern("Peak: .* GFLOP/s, .*, 2 threads, \\d+-bit SIMD\\.")
        .containsPattern("Since Java started: first step after .*, tenth after .*\\.");
    Cli step = Cli.run(without(List.of("--mode", "step", "--batch", "1", "--dense")));
    assertThat(step.out())
        .contains("1 stream of 1 step, dense", "prediction")
        .doesNotContain("tenth");
  }

  @Test
  void optionsMayComeFromAFile() {
    Path config = Samples.write(folder.resolve("c.json"), "{\"cell\": \"gru\", \"dense\": true}");
    JsonObject found = bench("--config", config.toString(), "--dense");
    assertThat(found.get("cell").getAsString()).isEqualTo("gru");
    assertThat(found.get("input").getAsString()).isEqualTo("dense");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--cell lsmt | --cell is \"lsmt\" but has to be one of elman, gru, lstm. Did you mean lstm?",
        "--mode predict | --mode is \"predict\" but has to be one of train, step",
        "--hidden 0 | --hidden is 0 but has to be 1 or more",
        "--vocabulary 0 | --vocabulary is 0",
        "--vocabulary sorted | --vocabulary is \"sorted\" but has to be a whole number",
        "--batch 0 | --batch is 0",
        "--steps -4 | --steps is -4",
        "--layers 0 | --layers is 0",
        "--iterations 0 | --iterations is 0 but has to be from 1 to 10000000",
        "--iterations 2000000000 | --iterations is 2000000000",
        "--warmup -1 | --warmup is -1 but has to be from 0",
        "--seconds -1 | --seconds is -1.0 but has to be more than 0",
        "--seconds 0 | --seconds is 0.0",
        "--seconds NaN | --seconds is NaN",
        "--threads 0 | --threads is 0",
        "--dense --vocabulary 2000000000 | --steps 4 x --batch 2 x --vocabulary 2000000000 is more than",
        "--dense --vocabulary 2000000000 --mode step | a window of --batch 2 x --vocabulary 2000000000",
        "--steps 100000 --batch 100000 | --steps 100000 x --batch 100000 is more than one array",
        "--hidden 100000 | past 2^31 numbers",
        "--epochs 3 | --epochs is no option of bench",
      })
  void wrongUsageIsRefused(String options, String says) {
    List<String> given = List.of(options.split(" "));
    Cli run = Cli.run(without(given));
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).startsWith("lookback: ").contains(says).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  // The tiny options but for those that are given.
  private static String[] without(List<String> given) {
    String[] args = {"bench"};
    for (int i = 1; i < TINY.length; i += 2) {
      if (!given.contains(TINY[i])) {
        args = Samples.and(args, TINY[i], TINY[i + 1]);
      }
    }
    return Samples.and(args, given.toArray(String[]::new));
  }

  @Test
  void tooLittleMemoryIsSaidInWords() {
    Cli run = Cli.run("bench", "--hidden", "22000");
    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err())
        .startsWith("lookback: Java may use ")
        .contains("Lower --hidden, --batch or --steps", "LOOKBACK_JAVA_OPTS=-Xmx")
        .doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }
}
