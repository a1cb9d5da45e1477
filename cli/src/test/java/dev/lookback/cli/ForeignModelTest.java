package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.lookback.format.FileTensor;
import dev.lookback.format.ModelFile;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of other programs: every command that takes a model takes them, told what they are. */
class ForeignModelTest {
  @TempDir private static Path folder;
  private static String text = "";
  private static String ours = "";
  private static String theirs = "";
  private static String symbols = "";

  // The same weights twice: as we write them, and as a PyTorch program would.
  @BeforeAll
  static void train() throws IOException {
    text = Samples.text(folder).toString();
    ours = folder.resolve("run").toString();
    String[] args = Samples.tiny("train", Path.of(text), "--cell", "gru", "--layers", "2");
    assertThat(Cli.run(Samples.and(args, "--embedding", "3", "--run", ours)).code()).isZero();
    TensorFile model = SafeTensors.read(Path.of(ours, "model.safetensors"));
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    model
        .tensors()
        .forEach(
            (name, tensor) ->
                tensors.put(
                    "module." + name.replace("rnn.", "gru.").replace("decoder.", "fc."), tensor));
    theirs = folder.resolve("theirs.safetensors").toString();
    SafeTensors.write(Path.of(theirs), TensorFile.of(tensors));
    symbols = folder.resolve("symbols.json").toString();
    Files.writeString(
        Path.of(symbols), model.metadata().getOrDefault("lookback.vocabulary", "nothing"));
  }

  private static String out(String... args) {
    Cli run = Cli.run(args);
    assertThat(run.code()).as(run.err()).isZero();
    return run.out();
  }

  private static String[] foreign(String... args) {
    return Samples.and(args, "--model", theirs, "--cell", "gru", "--symbols", symbols);
  }

  private static String[] own(String... args) {
    return Samples.and(args, "--model", ours);
  }

  @Test
  void theyAreContinued() {
    String[] args = {"generate", "--prompt", "the ", "--length", "40"};
    assertThat(out(foreign(args))).isEqualTo(out(own(args)));
  }

  @Test
  void theyAreMeasured() {
    String[] args = {"evaluate", text, "--json"};
    assertThat(out(foreign(args))).isEqualTo(out(own(args)));
  }

  @Test
  void theyAreAudited() throws IOException {
    String[] args = {"audit", text, "--windows", "2", "--steps", "12", "--part", "all"};
    Path numbers = folder.resolve("numbers.csv");
    out(Samples.and(foreign(args), "--csv", numbers.toString()));
    String found = Files.readString(numbers);
    out(Samples.and(own(args), "--csv", numbers.toString()));
    assertThat(found).isEqualTo(Files.readString(numbers));
  }

  @Test
  void theirGradientIsTaken() throws IOException {
    Map<String, FileTensor> batch = new LinkedHashMap<>();
    batch.put("x", FileTensor.of(new int[] {1, 2, 3, 4, 5, 6}, 3, 2));
    batch.put("y", FileTensor.of(new int[] {2, 3, 4, 5, 6, 7}, 3, 2));
    Path data = folder.resolve("batch.safetensors");
    SafeTensors.write(data, TensorFile.of(batch));
    Path gradient = folder.resolve("gradient.safetensors");
    out(foreign("gradient", "--data=" + data, "--out=" + gradient));
    byte[] found = Files.readAllBytes(gradient);
    String file = Path.of(ours, "model.safetensors").toString();
    out("gradient", "--data=" + data, "--out=" + gradient, "--model=" + file);
    assertThat(found).isEqualTo(Files.readAllBytes(gradient));
  }

  @Test
  void writtenAgainTheySayAll() throws IOException {
    Path again = folder.resolve("again.safetensors");
    out(foreign("export", "--safetensors", again.toString()));
    String[] args = {"generate", "--prompt", "the ", "--length", "40", "--model"};
    assertThat(out(Samples.and(args, again.toString()))).isEqualTo(out(Samples.and(args, ours)));
    assertThat(ModelFile.read(again).weights().values())
        .isEqualTo(ModelFile.read(Path.of(ours, "model.safetensors")).weights().values());
  }

  @Test
  void symbolsMayBeAnObjectAndNeedNoUnknown() throws IOException {
    List<String> list =
        ModelFile.read(Path.of(ours, "model.safetensors")).vocabulary().orElseThrow();
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int id = list.size() - 1; id >= 0; id--) {
      ids.put(list.get(id).equals("<unk>") ? "\u2603" : list.get(id), id);
    }
    Path file = folder.resolve("object.json");
    Files.writeString(file, new Gson().toJson(ids));
    String[] args = {"--model", theirs, "--cell", "gru", "--symbols", file.toString()};
    String[] generate = {"generate", "--prompt", "the ", "--temperature", "0"};
    assertThat(out(Samples.and(generate, args))).hasSizeGreaterThan(500);
    Path odd = Samples.write(folder.resolve("odd.txt"), "the cat sat on a m\u00e4t");
    Cli run = Cli.run(Samples.and(new String[] {"evaluate", odd.toString()}, args));
    assertThat(run.code()).isEqualTo(ExitCode.INPUT);
    assertThat(run.err())
        .contains(
            "the text has \"\u00e4\" (U+00E4), but the vocabulary of", "neither that nor <unk>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | --cell lst | --cell is \"lst\" but has to be one of elman, gru, lstm. Did you mean lstm",
        "2 | --cell gru --activation relu | --activation does not go with",
        "2 | --cell gru --loss mse | --loss is \"mse\" but has to be cross-entropy or squared-error",
        "2 | --cell gru --rename fc | --rename has \"fc\" but needs pairs THEIRS=OURS",
        "3 | --cell gru --rename fc=decoder | has no tensor or module fc to rename; there are module.",
        "3 | --cell lstm | rnn.weight_ih_l0 has 24 rows but lstm with 8 hidden units needs 32",
        "3 | --cell gru | has no vocabulary (lookback.vocabulary in its metadata)",
        "3 | --seed 1 | Say it with --cell elman, gru or lstm; by its shapes it is gru",
        "3 | --cell gru --symbols nowhere.json | --symbols nowhere.json cannot be read",
      })
  void wrongWordsAreRefused(int code, String options, String says) {
    String[] args = {"generate", "--model", theirs};
    Cli run = Cli.run(Samples.and(args, options.split(" ")));
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).startsWith("lookback: ").contains(says).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "a b c | is not JSON. It has to be a JSON list in the order of the ids",
        "\"abc\" | is no list of symbols. It has to be a JSON list",
        "[\"a\", 1] | has 1 as a symbol. It has to be a JSON list",
        "{\"a\": 0, \"b\": 2} | gives \"b\" the id 2, but 2 symbols need the ids 0 to 1, each once",
        "{\"a\": 0, \"b\": 0} | gives \"b\" the id 0, but 2 symbols need",
        "{\"a\": 0, \"b\": \"x\"} | gives \"b\" the id \"x\", but 2 symbols need",
        "[\"a\", \"b\"] | the vocabulary has 2 symbols but the network takes",
        "[\"ab\"] | vocabulary symbol 0 is \"ab\" but has to be one character",
        "[\"\\ud800\"] | half of a surrogate pair",
      })
  void symbolsThatAreNoneAreRefused(String content, String says) {
    Path file = Samples.write(folder.resolve("wrong.json"), content);
    Cli run = Cli.run("generate", "--model", theirs, "--cell", "gru", "--symbols", file.toString());
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.INPUT);
    assertThat(run.err()).contains(says, "--symbols " + file).doesNotContain("\tat ");
  }

  @Test
  void whatTheFileSaysIsNotSaidOtherwise() {
    Cli run = Cli.run("generate", "--model", ours, "--cell", "lstm");
    assertThat(run.code()).isEqualTo(ExitCode.INPUT);
    assertThat(run.err()).contains("its metadata say lookback.cell = gru, but lstm was said");
  }

  @Test
  void theLossThatIsSaidIsTheOneOfTheBatch() throws IOException {
    Map<String, FileTensor> batch = new LinkedHashMap<>();
    int size = ModelFile.read(Path.of(ours, "model.safetensors")).network().inputs();
    batch.put("x", FileTensor.of(new int[] {1, 2}, 2, 1));
    batch.put("y", FileTensor.of(new float[2 * size], 2, 1, size));
    Path data = folder.resolve("values.safetensors");
    SafeTensors.write(data, TensorFile.of(batch));
    String gradient = folder.resolve("gradient.safetensors").toString();
    String[] args = {"gradient", "--data=" + data, "--out=" + gradient};
    out(foreign(args));
    out(Samples.and(foreign(args), "--loss", "squared-error"));
    Cli run = Cli.run(Samples.and(foreign(args), "--loss", "cross-entropy"));
    assertThat(run.code()).isEqualTo(ExitCode.INPUT);
    assertThat(run.err()).contains("y holds numbers with a point, but the loss of");
  }

  @Test
  void symbolsMayBeAMapFromIdsAndHaveMarkers() throws IOException {
    List<String> known =
        List.of(new Gson().fromJson(Files.readString(Path.of(symbols)), String[].class));
    Map<String, String> byId = new LinkedHashMap<>();
    for (int id = known.size() - 1; id >= 0; id--) {
      byId.put(Integer.toString(id), known.get(id));
    }
    Path map = folder.resolve("id2char.json");
    Files.writeString(map, new Gson().toJson(byId));
    String[] generate = {"generate", theirs, "--cell", "gru", "--prompt", "the", "--length", "40"};
    String told = out(Samples.and(generate, "--symbols", map.toString()));
    assertThat(told).isEqualTo(out(Samples.and(generate, "--symbols", symbols)));

    byId.put("0", "<pad>");
    Files.writeString(map, new Gson().toJson(byId));
    String[] padded = Samples.and(generate, "--symbols", map.toString());
    assertThat(out(padded)).doesNotContain("<pad>").startsWith("the");

    Files.writeString(map, "{\"0\": \"a\", \"1\": \"a\"}");
    Cli twice = Cli.run(Samples.and(generate, "--symbols", map.toString()));
    assertThat(twice.code()).isEqualTo(ExitCode.INPUT);
    assertThat(twice.err()).contains("has \"a\" twice, as 0 and as 1");
  }
}
