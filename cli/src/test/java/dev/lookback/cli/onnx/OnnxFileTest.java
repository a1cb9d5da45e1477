package dev.lookback.cli.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OrtException;
import com.google.gson.Gson;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.cli.onnx.OnnxFile.Given;
import dev.lookback.format.FileTensor;
import dev.lookback.format.FormatException;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What another runtime computes from our ONNX files is what we compute. */
class OnnxFileTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir", "")).resolve("../core/src/test/resources/golden");
  private static final int TOKENS = 7;
  private static final int HIDDEN = 6;
  private static final int[][] SIZES = {{1, 1}, {5, 3}, {37, 2}};

  @TempDir private Path folder;

  /** How the first layer is given x. */
  private enum Form {
    ONE_HOT,
    EMBEDDED,
    DENSE
  }

  private record Shape(String name, Cell cell, int layers, Form form, boolean decoderBias) {
    @Override
    public String toString() {
      return name + ", " + layers + " layers, " + form + (decoderBias ? "" : ", no decoder bias");
    }

    Network network() {
      List<Cell> cells = new ArrayList<>(List.of(cell));
      while (cells.size() < layers) {
        cells.add(above(cell));
      }
      Readout readout = form == Form.DENSE ? Readout.linear(4) : Readout.softmax(TOKENS);
      Network network = new Network(cells, decoderBias ? readout : readout.withoutBias());
      return form == Form.EMBEDDED ? network.withEmbedding(TOKENS) : network;
    }
  }

  private static Cell above(Cell cell) {
    if (cell instanceof Elman c) {
      return new Elman(HIDDEN, HIDDEN, c.activation(), c.biases(), c.learnsState());
    } else if (cell instanceof Gru c) {
      return new Gru(HIDDEN, HIDDEN, c.biases(), c.learnsState(), c.reset());
    }
    Lstm c = (Lstm) cell;
    return new Lstm(HIDDEN, HIDDEN, c.biases(), c.learnsState(), c.forgetBias());
  }

  // Every cell with every depth and every choice of biases; the ways to give x take turns, so that
  // every cell and every depth meets each of them.
  static List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    int turn = 0;
    for (Biases biases : Biases.values()) {
      turn++;
      for (int layers = 1; layers <= 3; layers++) {
        for (int kind = 0; kind < cells(1, biases).size(); kind++) {
          Form form = Form.values()[(kind + layers + turn) % 3];
          Cell cell = cells(form == Form.ONE_HOT ? TOKENS : 3, biases).get(kind);
          shapes.add(new Shape(cell.toString(), cell, layers, form, biases != Biases.NONE));
        }
      }
    }
    return shapes;
  }

  private static List<Cell> cells(int inputs, Biases biases) {
    List<Cell> cells = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      cells.add(new Elman(inputs, HIDDEN, activation, biases, false));
    }
    for (Gru.Reset reset : Gru.Reset.values()) {
      cells.add(new Gru(inputs, HIDDEN, biases, false, reset));
    }
    cells.add(new Lstm(inputs, HIDDEN, biases, false, 1));
    return cells;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aRuntimeComputesWhatWeCompute(Shape shape) throws IOException, OrtException {
    Network network = shape.network();
    Model model = Model.of(network, network.initialize(Initialization.uniform(), 3));
    boolean tokens = shape.form != Form.DENSE;
    Random random = new Random(5);
    Path file = write(model, tokens);
    try (OnnxRuntime runtime = new OnnxRuntime(file);
        Team team = Team.of(1)) {
      for (int[] size : SIZES) {
        Inputs x = inputs(network, size[0] * size[1], tokens, random);
        State state = State.zeros(network, size[1]);
        for (int l = 0; l < network.cells().size(); l++) {
          for (float[] plane : state.layer(l)) {
            fill(plane, random);
          }
        }
        compare(new Run(model, x, size[0], size[1]), state, runtime, team);
      }
    }
  }

  /** A model over some steps. */
  private record Run(Model model, Inputs x, int steps, int lanes) {
    float[] ours(State state, Team team) {
      Predictor predictor = new Predictor(model.network(), model.weights(), lanes, team);
      return predictor.outputs(window(x, steps), state);
    }

    private Window window(Inputs rows, int length) {
      return Window.of(length, lanes, rows, new Targets.Classes(new int[length * lanes]));
    }

    /** Whole, or in pieces whose state is carried from one to the next. */
    OnnxRuntime.Values theirs(State entering, int piece, OnnxRuntime runtime) throws OrtException {
      OnnxRuntime.Values state = values(entering, "0");
      int outputs = model.network().readout().outputs();
      float[] all = new float[steps * lanes * outputs];
      for (int t = 0; t < steps; t += piece) {
        int length = Math.min(piece, steps - t);
        OnnxRuntime.Values given = values(state, "0");
        Inputs rows = x.rows(t * lanes, (t + length) * lanes);
        if (rows instanceof Inputs.Tokens ids) {
          given.with("x", ids.ids(), length, lanes);
        } else if (rows instanceof Inputs.Dense dense) {
          given.with("x", dense.values(), length, lanes, dense.width());
        }
        OnnxRuntime.Values found = runtime.run(given);
        assertThat(found.shape("logits")).containsExactly(length, lanes, outputs);
        float[] logits = found.of("logits");
        System.arraycopy(logits, 0, all, t * lanes * outputs, logits.length);
        state = renamed(found);
      }
      return values(state, "n").with("logits", all, steps, lanes, outputs);
    }

    private OnnxRuntime.Values values(State state, String suffix) {
      int layers = model.network().cells().size();
      int hidden = model.network().top().hidden();
      OnnxRuntime.Values values = new OnnxRuntime.Values();
      for (int p = 0; p < state.layer(0).length; p++) {
        float[] plane = new float[layers * lanes * hidden];
        for (int l = 0; l < layers; l++) {
          System.arraycopy(state.layer(l)[p], 0, plane, l * lanes * hidden, lanes * hidden);
        }
        values.with("hc".charAt(p) + suffix, plane, layers, lanes, hidden);
      }
      return values;
    }

    private OnnxRuntime.Values values(OnnxRuntime.Values from, String suffix) {
      OnnxRuntime.Values values = new OnnxRuntime.Values();
      for (String plane : List.of("h", "c").subList(0, model.network().top().planes())) {
        values.with(plane + suffix, from.of(plane + "0"), from.shape(plane + "0"));
      }
      return values;
    }

    // What left is what enters next.
    private OnnxRuntime.Values renamed(OnnxRuntime.Values from) {
      OnnxRuntime.Values values = new OnnxRuntime.Values();
      for (String plane : List.of("h", "c").subList(0, model.network().top().planes())) {
        values.with(plane + "0", from.of(plane + "n"), from.shape(plane + "n"));
      }
      return values;
    }
  }

  private static void compare(Run run, State entering, OnnxRuntime runtime, Team team)
      throws OrtException {
    OnnxRuntime.Values whole = run.theirs(entering, run.steps, runtime);
    OnnxRuntime.Values stepwise = run.theirs(entering, 1, runtime);
    OnnxRuntime.Values pieces = run.theirs(entering, 4, runtime);
    State state = entering.copy();
    float[] ours = run.ours(state, team);
    OnnxRuntime.Values last = run.values(state, "n");
    for (OnnxRuntime.Values theirs : List.of(whole, stepwise, pieces)) {
      close("logits", theirs.of("logits"), ours);
      for (String name :
          run.model.network().top().planes() == 2
              ? new String[] {"hn", "cn"}
              : new String[] {"hn"}) {
        assertThat(theirs.shape(name)).isEqualTo(last.shape(name));
        close(name, theirs.of(name), last.of(name));
      }
    }
  }

  private static void close(String name, float[] found, float[] expected) {
    assertThat(found).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      double tolerance = 1e-5 * Math.max(1, Math.abs(expected[i]));
      assertThat((double) found[i])
          .as("%s [%d]", name, i)
          .isCloseTo(expected[i], within(tolerance));
    }
  }

  private Path write(Model model, boolean tokens) throws IOException {
    Path file = folder.resolve("model.onnx");
    long size = new OnnxFile(model, tokens ? Given.TOKENS : Given.NUMBERS).write(file, "test");
    assertThat(Files.size(file)).isEqualTo(size);
    return file;
  }

  private static Inputs inputs(Network network, int rows, boolean tokens, Random random) {
    if (tokens) {
      return new Inputs.Tokens(random.ints(rows, 0, network.inputs()).toArray());
    }
    float[] values = new float[rows * network.inputs()];
    fill(values, random);
    return new Inputs.Dense(values, network.inputs());
  }

  private static void fill(float[] values, Random random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
  }

  static List<Path> golden() throws IOException {
    try (Stream<Path> entries = Files.list(GOLDEN)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void aRuntimeComputesWhatAnotherFrameworkComputed(Path golden) throws IOException, OrtException {
    Model model = ModelFile.read(golden.resolve("model.safetensors"));
    TensorFile data = SafeTensors.read(golden.resolve("data.safetensors"));
    TensorFile expected = SafeTensors.read(golden.resolve("expected.safetensors"));
    FileTensor x = data.find("x").orElseThrow();
    boolean tokens = x instanceof FileTensor.Ints;
    OnnxRuntime.Values given = new OnnxRuntime.Values();
    if (x instanceof FileTensor.Ints ids) {
      given.with("x", ids.values(), longs(ids.shape()));
    } else {
      given.with("x", data.floats("x").values(), longs(x.shape()));
    }
    long[] shape = longs(expected.floats("hT").shape());
    int size = expected.floats("hT").values().length;
    List<String> planes = List.of("h", "c").subList(0, model.network().top().planes());
    for (String plane : planes) {
      boolean there = data.find(plane + "0").isPresent();
      float[] zeros = new float[size];
      given.with(plane + "0", there ? data.floats(plane + "0").values() : zeros, shape);
    }
    try (OnnxRuntime runtime = new OnnxRuntime(write(model, tokens))) {
      OnnxRuntime.Values found = runtime.run(given);
      close("logits", found.of("logits"), expected.floats("logits").values());
      for (String plane : planes) {
        close(plane, found.of(plane + "n"), expected.floats(plane + "T").values());
      }
    }
  }

  private static long[] longs(int[] shape) {
    return Arrays.stream(shape).asLongStream().toArray();
  }

  @Test
  void axesOfTimeAndLanesAreFree() throws IOException, OrtException {
    Network network = new Network(List.of(Lstm.of(5, 4), Lstm.of(4, 4)), Readout.softmax(5));
    Model model = Model.of(network, network.initialize(Initialization.uniform(), 1));
    try (OnnxRuntime runtime = new OnnxRuntime(write(model, true))) {
      assertThat(runtime.inputs())
          .containsExactly(
              Map.entry("x", "int64 time, batch"),
              Map.entry("h0", "float 2, batch, 4"),
              Map.entry("c0", "float 2, batch, 4"));
      assertThat(runtime.outputs())
          .containsExactly(
              Map.entry("logits", "float time, batch, 5"),
              Map.entry("hn", "float 2, batch, 4"),
              Map.entry("cn", "float 2, batch, 4"));
    }
  }

  /** Neither zeros for what is no token, nor a token from the vocabulary's end. */
  @ParameterizedTest
  @ValueSource(ints = {-1, -TOKENS, -TOKENS - 1, Integer.MIN_VALUE, TOKENS, Integer.MAX_VALUE})
  void anIdThatIsNoneFails(int id) throws IOException, OrtException {
    Network oneHot = Network.of(Gru.of(TOKENS, HIDDEN), Readout.softmax(TOKENS));
    Network embedded = Network.of(Gru.of(3, HIDDEN), Readout.softmax(TOKENS)).withEmbedding(TOKENS);
    for (Network network : List.of(oneHot, embedded)) {
      Model model = Model.of(network, network.initialize(Initialization.uniform(), 1));
      try (OnnxRuntime runtime = new OnnxRuntime(write(model, true))) {
        OnnxRuntime.Values given = new OnnxRuntime.Values().with("h0", new float[HIDDEN], 1, 1, 6);
        int[] ids = {0, TOKENS - 1, 3};
        runtime.run(given.with("x", ids, 3, 1));
        ids[2] = id;
        OnnxRuntime.Values bad = given.with("x", ids, 3, 1);
        assertThatThrownBy(() -> runtime.run(bad))
            .isInstanceOf(OrtException.class)
            .hasMessageContaining("indices element out of data bounds");
      }
    }
  }

  @Test
  void theFileSaysWhatTheModelIs() throws IOException, OrtException {
    Network network = Network.of(Elman.of(3, 2).with(Activation.RELU), Readout.softmax(3));
    Model model =
        new Model(
            network,
            network.initialize(Initialization.uniform(), 1),
            Optional.of(List.of("<unk>", "\n", "\u00e9")),
            Optional.of("{\"options\": {}}"));
    try (OnnxRuntime runtime = new OnnxRuntime(write(model, true))) {
      OnnxModelMetadata metadata = runtime.metadata();
      assertThat(metadata.getProducerName()).isEqualTo("lookback");
      assertThat(metadata.getDescription())
          .isEqualTo(
              "elman, 1 layer of 2 units. Inputs: x int64[time, batch], token ids, 0 to 2; h0"
                  + " float[1, batch, 2], the state that enters; zero at a stream's start."
                  + " Outputs: logits float[time, batch, 3], h_t W_hq + b_q, before any softmax;"
                  + " hn float[1, batch, 2], the state after the last step: the next call's h0.");
      assertThat(metadata.getCustomMetadata())
          .isEqualTo(ModelFile.contents(model).metadata())
          .containsEntry("lookback.cell", "elman")
          .containsEntry("lookback.activation", "relu")
          .containsEntry("lookback.vocabulary", "[\"<unk>\",\"\\n\",\"\u00e9\"]");
    }
  }

  @Test
  void aLearnedInitialStateIsInTheMetadata() throws IOException, OrtException {
    Cell lower = Lstm.of(TOKENS, HIDDEN).withLearnedState();
    Cell upper = Lstm.of(HIDDEN, HIDDEN).withLearnedState();
    Network network = new Network(List.of(lower, upper), Readout.softmax(TOKENS));
    Model model = Model.of(network, network.initialize(Initialization.uniform(), 8));
    State learned = State.initial(network, model.weights(), 1);
    assertThat(learned.layer(1)[1]).doesNotContain(0);
    try (OnnxRuntime runtime = new OnnxRuntime(write(model, true));
        Team team = Team.of(1)) {
      Map<String, String> metadata = runtime.metadata().getCustomMetadata();
      Gson json = new Gson();
      for (int p = 0; p < 2; p++) {
        float[][] stored =
            json.fromJson(
                metadata.getOrDefault("lookback." + "hc".charAt(p) + "0", ""), float[][].class);
        assertThat(stored).hasDimensions(2, HIDDEN);
        for (int l = 0; l < 2; l++) {
          assertThat(stored[l]).isEqualTo(learned.layer(l)[p]);
        }
      }
      assertThat(runtime.metadata().getDescription())
          .contains(
              "c0 float[2, batch, 6], the state that enters; metadata lookback.c0 at a stream");
      Inputs x = new Inputs.Tokens(new int[] {1, 2, 3, 4, 5, 6});
      compare(new Run(model, x, 3, 2), State.initial(network, model.weights(), 2), runtime, team);
    }
  }

  @Test
  void whatOnnxCannotSayIsRefused() {
    refused(
        new Network(List.of(Gru.of(3, 4), Gru.of(4, 5)), Readout.softmax(3)),
        Given.TOKENS,
        "has layers of gru[hidden=4] and gru[hidden=5], but the state h0 [layers, B, H] needs");
    refused(
        new Network(List.of(Gru.of(3, 4), Lstm.of(4, 4)), Readout.softmax(3)),
        Given.TOKENS,
        "has layers of gru[hidden=4] and lstm[hidden=4]");
    refused(
        Network.of(Gru.of(3, 4), Readout.softmax(5)).withEmbedding(5),
        Given.NUMBERS,
        "has an embedding, which needs token ids, not numbers");
    refused(
        Network.of(new OwnCell(Elman.of(3, 4)), Readout.softmax(3)),
        Given.TOKENS,
        "has a layer of the cell own, for which ONNX has no operator: it has RNN, GRU and LSTM");
  }

  private static void refused(Network network, Given given, String says) {
    Model model = Model.of(network, network.initialize(Initialization.uniform(), 1));
    assertThatThrownBy(() -> new OnnxFile(model, given))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(says);
  }
}
