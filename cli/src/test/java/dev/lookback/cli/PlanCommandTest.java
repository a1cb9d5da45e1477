package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanCommandTest {
  private static final String[] SMALL = {
    "--cell", "lstm", "--hidden", "9", "--batch", "3", "--threads", "1"
  };

  @TempDir private Path folder;

  private static JsonObject plan(String... more) {
    String[] args = Samples.and(Samples.and(new String[] {"plan", "--json"}, SMALL), more);
    Cli run = Cli.run(args);
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cell lstm --hidden 9",
        "--cell lstm --hidden 9 --initial-state learned",
        "--cell lstm --hidden 9 --state reset"
      })
  void foretellsExactlyTheBytesThatATrainingCounts(String network) throws Exception {
    // Five kinds of characters and the unknown one.
    Path text = folder.resolve("text.txt");
    Files.writeString(text, "abcde".repeat(400));
    String[] shape = Samples.and(network.split(" "), "--batch", "3", "--threads", "1");
    String[] ask = {"plan", "--vocabulary", "6", "--steps", "150", "--memory", "60KiB", "--json"};
    String couplings = "full,fixed:40,every-loss-at-least:7,sliding:4,10";
    Cli planned = Cli.run(Samples.and(Samples.and(ask, shape), "--couplings", couplings));
    assertThat(planned.code()).as(planned.err()).isZero();
    JsonArray plans =
        JsonParser.parseString(planned.out()).getAsJsonObject().getAsJsonArray("plans");
    int within = 0;
    int runs = 0;
    for (JsonElement element : plans) {
      JsonObject strategy = element.getAsJsonObject();
      long bytes = strategy.get("peak_activation_bytes").getAsLong();
      String[] train = {"train", text.toString(), "--steps", "150", "--updates", "3", "--json"};
      String[] how = {"--coupling", strategy.get("coupling").getAsString(), "--split", "1,0,0"};
      String[] args = Samples.and(Samples.and(train, shape), how);
      if (bytes <= 60 * 1024) {
        args = Samples.and(args, "--memory", "60KiB");
        within++;
      }
      args = Samples.and(args, "--run", folder.resolve("run" + runs++).toString());
      Cli run = Cli.run(args);
      assertThat(run.code()).as(run.err()).isZero();
      JsonObject result = JsonParser.parseString(run.out()).getAsJsonObject();
      assertThat(result.get("peak_activation_bytes").getAsLong())
          .as(strategy.get("coupling").getAsString())
          .isEqualTo(bytes);
    }
    assertThat(within).isPositive();
    assertThat(plans).hasSizeGreaterThan(3);
  }

  @Test
  void drawsTimeAgainstMemory() throws Exception {
    Path page = folder.resolve("plan.html");
    plan("--steps", "64", "--couplings", "full,fixed:8", "--report", page.toString());
    String html = Files.readString(page);
    assertThat(html).contains("Time of an update against memory", "times keeping all", "fixed:8");
    Path lost = folder.resolve("no/p");
    Cli nowhere = Cli.run("plan", "--steps", "8", "--report", lost.toString());
    assertThat(nowhere.code()).isEqualTo(ExitCode.FAILED);
    assertThat(nowhere.err())
        .contains(
            "lookback: could not write "
                + lost
                + ": there is no folder "
                + folder.resolve("no")
                + ". Mend that, or name another place with --report\n");
  }

  @Test
  void saysWhatLossesLookBackOver() {
    JsonArray plans =
        plan("--steps", "64", "--couplings", "fixed:8,every-loss-at-least:8", "--memory", "8GiB")
            .getAsJsonArray("plans");
    assertThat(plans.get(0).getAsJsonObject().get("mean_lags").getAsDouble()).isEqualTo(4.5);
    assertThat(plans.get(1).getAsJsonObject().get("fewest_lags").getAsInt()).isEqualTo(8);
    assertThat(plans.get(1).getAsJsonObject().get("most_lags").getAsInt()).isEqualTo(15);
  }

  @Test
  void mistakesAreToldWithTheirRemedy() {
    Cli large = Cli.run("plan", "--hidden", "9999999");
    assertThat(large.code()).isEqualTo(2);
    assertThat(large.err()).contains("past 2^31 numbers", "Lower --hidden");
    assertThat(Cli.run("plan", "--memory", "lots").err()).contains("such as 64MiB");
    assertThat(Cli.run("plan", "--steps", "0").err()).contains("--steps is 0");
    assertThat(Cli.run("plan", "--couplings", "fixed").err()).contains("fixed:35");
    Cli small = Cli.run(Samples.and(new String[] {"train", "sources", "--memory", "1KiB"}, SMALL));
    assertThat(small.code()).isEqualTo(2);
    assertThat(small.err()).contains("the smallest that works is");
  }
}
