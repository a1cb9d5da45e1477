package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code lookback audit} says how far back to go. */
class AuditCommandTest {
  @TempDir private static Path folder;
  private static Path text = Path.of("");
  private static String model = "";

  @BeforeAll
  static void train() {
    text = Samples.text(folder);
    model = folder.resolve("run").toString();
    String[] args = Samples.tiny("train", text, "--updates", "30", "--cell", "gru");
    Cli run = Cli.run(Samples.and(args, "--run", model));
    assertThat(run.code()).as(run.err()).isZero();
  }

  private static Cli audit(String... more) {
    List<String> args = new ArrayList<>(List.of("audit", model, text.toString()));
    List<String> given = List.of(more);
    Map.of("--part", "all", "--steps", "24", "--windows", "6", "--draws", "3")
        .forEach(
            (option, value) -> {
              if (!given.contains(option)) {
                args.addAll(List.of(option, value));
              }
            });
    args.addAll(given);
    return Cli.run(args.toArray(String[]::new));
  }

  private static JsonObject json(String... more) {
    Cli run = audit(Samples.and(more, "--json"));
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static Map<String, JsonObject> couplings(JsonObject json) {
    Map<String, JsonObject> found = new LinkedHashMap<>();
    for (JsonElement element : json.getAsJsonArray("couplings")) {
      JsonObject object = element.getAsJsonObject();
      found.put(object.get("coupling").getAsString(), object);
    }
    return found;
  }

  private static JsonObject one(Map<String, JsonObject> found, String coupling) {
    return Optional.ofNullable(found.get(coupling)).orElseThrow();
  }

  private static double number(JsonObject object, String name) {
    return object.get(name).getAsDouble();
  }

  @Test
  void everyCouplingHasItsErrorItsIntervalAndItsCost() {
    JsonObject json = json("--couplings", "fixed:5,random:6,random:6,per-lane");
    assertThat(json.get("horizon").getAsInt()).isEqualTo(24);
    assertThat(json.get("windows").getAsInt()).isEqualTo(6);
    assertThat(json.get("lanes").getAsInt()).isEqualTo(4);
    Map<String, JsonObject> found = couplings(json);
    assertThat(found.keySet())
        .contains("full", "every-loss-at-least:1", "every-loss-at-least:16", "fixed:1")
        .contains("fixed:16", "fixed:3", "fixed:7", "fixed:15", "random:4", "random:8")
        .contains("fixed:5", "random:6", "random:6,per-lane")
        .doesNotContain("every-loss-at-least:24", "fixed:24", "fixed:31", "random:16");
    assertThat(number(one(found, "full"), "relative_bias")).isZero();
    assertThat(number(one(found, "full"), "longest_segment")).isEqualTo(24);
    JsonObject every = one(found, "every-loss-at-least:4");
    assertThat(number(every, "relative_bias_low"))
        .isLessThan(number(every, "relative_bias"))
        .isPositive();
    assertThat(number(every, "relative_bias_high")).isGreaterThan(number(every, "relative_bias"));
    assertThat(number(every, "longest_segment")).isEqualTo(7);
    // Segments of 4: the first sweep goes back 4 steps, the second 7, and so on.
    assertThat(number(every, "backward_steps")).isEqualTo((4 + 7 * 5) / 24.0);
    assertThat(number(every, "peak_activation_bytes")).isPositive();
    assertThat(every.getAsJsonObject("parts").keySet()).contains("rnn.weight_hh_l0");
    JsonObject drawn = one(found, "random:6");
    assertThat(number(drawn, "variance")).isPositive();
    assertThat(number(drawn, "draws")).isEqualTo(3);
    assertThat(number(drawn, "draws_to_batch_noise")).isGreaterThanOrEqualTo(1);
    // Six windows of one draw each: their mean varies a sixth of what one varies.
    double needed =
        Math.max(1, Math.ceil(6 * number(drawn, "variance") / number(json, "batch_variance")));
    assertThat(number(drawn, "draws_to_batch_noise")).isEqualTo(needed);
  }

  // PyTorch's modules need a second bias vector in the file; the model was trained without.
  @ParameterizedTest
  @CsvSource({"elman, false", "lstm, false", "gru, true"})
  void aModelIsAuditedWithTheParametersThatItWasTrainedWith(String cell, boolean two) {
    String trained = folder.resolve("of-" + cell).toString();
    String[] args = Samples.tiny("train", text, "--updates", "3", "--cell", cell, "--layers", "2");
    assertThat(Cli.run(Samples.and(args, "--run", trained)).code()).isZero();
    Cli run =
        Cli.run(
            "audit",
            trained,
            text.toString(),
            "--part",
            "all",
            "--steps",
            "12",
            "--windows",
            "3",
            "--couplings",
            "fixed:3",
            "--json");
    assertThat(run.code()).as(run.err()).isZero();
    JsonObject found =
        one(couplings(JsonParser.parseString(run.out()).getAsJsonObject()), "fixed:3");
    assertThat(found.getAsJsonObject("parts").keySet())
        .contains("rnn.bias_ih_l0", "rnn.bias_ih_l1")
        .matches(parts -> parts.contains("rnn.bias_hh_l0") == two)
        .matches(parts -> parts.contains("rnn.bias_hh_l1") == two);
  }

  @Test
  void theLengthSearchedForIsTheShortestThatMeetsTheTolerance() {
    JsonObject json = json("--bias", "0.2");
    Map<String, JsonObject> found = couplings(json);
    String chosen = json.getAsJsonObject("recommendation").get("coupling").getAsString();
    assertThat(chosen).startsWith("every-loss-at-least:");
    assertThat(number(one(found, chosen), "relative_bias")).isLessThanOrEqualTo(0.2);
    int k = Integer.parseInt(chosen.substring(chosen.indexOf(':') + 1));
    assertThat(number(one(found, "every-loss-at-least:" + (k - 1)), "relative_bias"))
        .isGreaterThan(0.2);
    String says = json.getAsJsonObject("recommendation").get("says").getAsString();
    assertThat(says).startsWith(chosen + " keeps the bias at ").contains("fixed:" + (2 * k - 1));
  }

  @Test
  void whereNoneMeetsItWhatWouldIsSaid() {
    JsonObject recommendation =
        json("--bias", "1e-12", "--steps", "6").getAsJsonObject("recommendation");
    assertThat(recommendation.get("coupling").getAsString()).isEqualTo("full");
    assertThat(recommendation.get("says").getAsString())
        .startsWith("No truncation below the horizon of 6 steps keeps the bias at")
        .contains("every-loss-at-least:5 has");
    assertThat(recommendation.getAsJsonArray("reasons").get(0).getAsString())
        .startsWith("What would: full over 6 steps");
  }

  @Test
  void lagsHaveTheirFitAndTheirBound() {
    JsonObject json = json();
    JsonObject lags = json.getAsJsonObject("lags");
    assertThat(lags.getAsJsonArray("norms")).hasSize(25);
    double decay = number(lags, "decay");
    assertThat(decay).isBetween(number(lags, "decay_low"), number(lags, "decay_high"));
    assertThat(number(lags, "half_life")).isCloseTo(Math.log(0.5) / Math.log(decay), within(1e-9));
    List<JsonElement> bounds = json.getAsJsonArray("bounds").asList();
    assertThat(bounds)
        .extracting(b -> number(b.getAsJsonObject(), "delta"))
        .containsExactly(0.5, 0.1, 0.01);
  }

  @Test
  void theSameSeedGivesTheSameNumbersAndAnotherSeedOtherDraws() {
    JsonObject one = json("--threads", "1");
    assertThat(json("--threads", "3")).isEqualTo(one);
    JsonObject other = json("--seed", "2");
    assertThat(couplings(other).get("random:4")).isNotEqualTo(couplings(one).get("random:4"));
    assertThat(couplings(other).get("fixed:4")).isEqualTo(couplings(one).get("fixed:4"));
  }

  @Test
  void peopleReadTablesOfEightyColumnsAndASentence() {
    Cli run = audit();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 80);
    assertThat(run.out())
        .contains("Against the exact gradient over 24 steps of 6 windows of 4 streams")
        .contains("half-life (steps)", "below 10.0%", "fixed:K (segments of K steps: a loss")
        .contains("draws to", "keeps the bias at");
  }

  @Test
  void theFilesHaveAllNumbersAndPictures() throws IOException {
    Path csv = folder.resolve("audit.csv");
    Path page = folder.resolve("audit.html");
    Cli run = audit("--csv", csv.toString(), "--report", page.toString());
    assertThat(run.out()).contains("Numbers: " + csv, "Report: " + page);
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines.get(0)).startsWith("coupling,tensor,relative_bias,relative_bias_low");
    assertThat(lines.get(1)).startsWith("full,,0");
    assertThat(lines).anyMatch(line -> line.startsWith("fixed:4,rnn.weight_hh_l0,"));
    assertThat(lines).anyMatch(line -> line.startsWith("random:8,,"));
    assertThat(lines).noneMatch(line -> line.contains("NaN") || line.contains("Infinity"));
    assertThat(Files.readString(page))
        .contains("How far back should I backpropagate?", "Credit by lag", "Direction by length")
        .contains("Relative bias by length", "Variance by mean length", "rnn.weight_hh_l0");
  }

  @Test
  void theModelMayAlsoBeAnOptionAndThePartTheValidationPart() {
    String[] args = {"audit", text.toString(), "--model", model, "--windows", "4", "--json"};
    Cli run = Cli.run(args);
    assertThat(run.code()).as(run.err()).isZero();
    JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
    long validation = json.get("horizon").getAsLong();
    assertThat(json.get("lanes").getAsInt()).isEqualTo(1);
    assertThat(validation).isBetween(30L, 60L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--steps 100000 | 3 | The largest --steps that works is",
        "--part test | 3 | the test part has 0 characters but --windows 6 of --steps 24 need 145",
        "--part half | 2 | --part is \"half\"",
        "--steps 1 | 2 | --steps is 1",
        "--windows 1 | 2 | --windows is 1 but an interval needs 2 or more",
        "--batch 0 | 2 | --batch is 0",
        "--draws 1 | 2 | --draws is 1 but a variance needs 2 or more",
        "--bias 0 | 2 | --bias is 0.0",
        "--couplings sideways:3 | 2 | is no coupling",
        "--model other | 2 | cannot both be the data",
      })
  void whatCannotBeAuditedIsRefused(String options, int code, String says) {
    Cli run = audit(options.split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).startsWith("lookback: ").contains(says);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aMissingModelAndAForeignTextAreTold() {
    Cli none = Cli.run("audit", folder.resolve("nowhere").toString(), text.toString());
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("nowhere does not exist. Pass a model.safetensors");
    Cli nothing = Cli.run("audit");
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).contains("there is no model to audit");
    Cli swapped = Cli.run("audit", "nowhere.txt", model);
    assertThat(swapped.code()).isEqualTo(2);
    assertThat(swapped.err())
        .contains("the model comes before the data: lookback audit " + model + " nowhere.txt");
    for (String command : List.of("score", "evaluate", "audit")) {
      Cli turned = Cli.run(command, text.toString(), model);
      assertThat(turned.code()).as(turned.err()).isEqualTo(ExitCode.USAGE);
      assertThat(turned.err()).contains("before the data: lookback " + command + " " + model);
    }
    Path foreign = Samples.write(folder.resolve("foreign.txt"), "Ω≈ç√".repeat(200));
    Cli run = Cli.run("audit", model, foreign.toString(), "--part", "all");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("none of the text's characters is in the model's vocabulary");
  }

  @Test
  void aModelWhoseCreditExplodesIsTold() throws IOException {
    String run = folder.resolve("linear").toString();
    String[] args = Samples.tiny("train", text, "--cell", "elman", "--activation", "identity");
    assertThat(Cli.run(Samples.and(args, "--run", run)).code()).isZero();
    Model linear = ModelFile.read(Path.of(run, "model.safetensors"));
    float[] w = linear.weights().values();
    for (int k = 0; k < w.length; k++) {
      w[k] *= 100;
    }
    Path exploding = folder.resolve("exploding.safetensors");
    ModelFile.write(exploding, linear);
    Cli told = Cli.run("audit", exploding.toString(), text.toString(), "--part", "all");
    assertThat(told.code()).as(told.err()).isEqualTo(3);
    assertThat(told.err()).contains("steps is not finite: this model's credit grows");
    w[linear.weights().layout().get("rnn.weight_hh_l0").offset()] = Float.NaN;
    ModelFile.write(exploding, linear);
    Cli none = Cli.run("audit", exploding.toString(), text.toString(), "--part", "all");
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("rnn.weight_hh_l0[0, 0] is NaN but gradients need finite");
  }
}
