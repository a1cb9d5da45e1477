package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.book.BookLoss;
import dev.lookback.book.ElmanGradient;
import dev.lookback.book.ElmanNetwork;
import dev.lookback.book.ElmanTrace;
import dev.lookback.book.Matrices;
import dev.lookback.book.Phi;
import dev.lookback.book.Xi;
import dev.lookback.cell.Elman;
import dev.lookback.format.FileTensor;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import dev.lookback.math.Randomness;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lookback gradient}: its numbers are the book's, and what does not fit is refused. */
class GradientCommandTest {
  private static final int STEPS = 7;
  private static final int LANES = 2;
  private static final int INPUTS = 4;
  private static final int HIDDEN = 3;

  @TempDir private Path folder;

  private final Network network = Network.of(Elman.of(INPUTS, HIDDEN), Readout.softmax(INPUTS));
  private final Weights weights = network.initialize(Initialization.uniform(), 5);
  private final int[] x = ids(1);
  private final int[] y = ids(2);
  private final float[] h0 = {.1f, -.2f, .3f, .4f, -.5f, .6f};

  @BeforeEach
  void writeModel() throws IOException {
    ModelFile.write(at("model"), Model.of(network, weights));
  }

  @Test
  void theGradientIsTheBooks() throws IOException {
    write(batch());
    for (String coupling :
        new String[] {
          "full", "fixed:3", "random:3", "random:3,per-lane", "random:5,alpha=3,stratified"
        }) {
      assertThat(gradient("--coupling", coupling).code()).isZero();
      TensorFile found = SafeTensors.read(at("gradient"));
      double[][] xi =
          found
              .find("xi")
              .map(tensor -> rows((FileTensor.Floats) tensor))
              .orElseGet(() -> Xi.fixed(STEPS, LANES, coupling.equals("full") ? STEPS : 3));
      compare(found, ElmanGradient.coupled(trace(), loss(), STEPS * LANES, xi));
      assertThat(found.find("xi").isPresent()).isEqualTo(coupling.startsWith("random"));
    }
  }

  @Test
  void slidingSweepsAreTheBooks() throws IOException {
    write(batch());
    gradient("--coupling", "sliding:2,4");
    compare(
        SafeTensors.read(at("gradient")),
        ElmanGradient.sliding(trace(), loss(), STEPS * LANES, 2, 4));
  }

  @Test
  void xiComesFromTheData() throws IOException {
    float[] xi = {.5f, 1, 0, 1.25f, 2, 0, 1};
    Map<String, FileTensor> batch = batch();
    batch.put("xi", FileTensor.of(xi, STEPS));
    write(batch);
    Cli run = gradient("--coupling", "data");
    assertThat(run.out()).contains("unbiased only if xi was drawn with mean 1");
    double[] each = new double[STEPS];
    Arrays.setAll(each, t -> xi[t]);
    compare(
        SafeTensors.read(at("gradient")),
        ElmanGradient.coupled(trace(), loss(), STEPS * LANES, Xi.shared(each, LANES)));
    assertThat(gradient("--coupling", "full").err())
        .contains("is not used: --coupling is full, not --coupling data");
  }

  @Test
  void theSameSeedDrawsTheSameXi() throws IOException {
    write(batch());
    byte[] first = seeded(7);
    assertThat(seeded(7)).isEqualTo(first);
    assertThat(seeded(8)).isNotEqualTo(first);
  }

  @Test
  void jsonIsOneObject() throws IOException {
    write(batch());
    Cli run = gradient("--json");
    JsonObject object = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(object.get("loss").getAsDouble()).isCloseTo(trace().loss(loss()), within(1e-6));
    assertThat(object.get("longest_segment").getAsInt()).isEqualTo(STEPS);
    assertThat(object.get("out").getAsString()).isEqualTo(at("gradient").toString());
    assertThat(object.getAsJsonObject("tensors").keySet())
        .containsExactly(
            "rnn.weight_ih_l0",
            "rnn.weight_hh_l0",
            "rnn.bias_ih_l0",
            "rnn.bias_hh_l0",
            "decoder.weight",
            "decoder.bias");
    // PyTorch's second bias vector has a gradient, but the model was trained without.
    double square = 0;
    TensorFile found = SafeTensors.read(at("gradient"));
    for (String name : object.getAsJsonObject("tensors").keySet()) {
      for (float value : found.floats(name).values()) {
        square += name.equals("rnn.bias_hh_l0") ? 0 : (double) value * value;
      }
    }
    assertThat(object.get("gradient_norm").getAsDouble())
        .isCloseTo(Math.sqrt(square), within(1e-7));
  }

  @Test
  void theTableSaysWhatTheCouplingPromises() throws IOException {
    write(batch());
    assertThat(gradient().out()).contains("loss  ", "full: the exact gradient", "7 steps");
    assertThat(gradient("--coupling", "fixed:9").out()).contains("fixed:9: the exact gradient");
    assertThat(gradient("--coupling", "fixed:1").out()).contains("biased towards short", "1 step");
    assertThat(gradient("--coupling", "random:3").out()).contains("unbiased, one draw of many");
  }

  @Test
  void h0IsWrittenOnlyWhereTheDataHasIt() throws IOException {
    Map<String, FileTensor> batch = batch();
    batch.remove("h0");
    write(batch);
    gradient();
    assertThat(SafeTensors.read(at("gradient")).tensors()).doesNotContainKey("h0");
  }

  @Test
  void valuesAreTheTargetsOfSquaredError() throws IOException {
    Map<String, FileTensor> batch = batch();
    batch.put("y", numbers(STEPS, LANES, INPUTS));
    write(batch);
    refused(
        "y holds numbers with a point, but the loss of "
            + at("model")
            + " is cross-entropy, which needs I32 or I64 [T, B]");
    TensorFile bare = SafeTensors.read(at("model"));
    SafeTensors.write(at("model"), TensorFile.of(bare.tensors()));
    refused("Say it with --cell elman");
    assertThat(gradient("--cell", "elman").code()).isZero();
  }

  @Test
  void shapesThatDoNotFitAreNamed() throws IOException {
    refusedWith(
        "x",
        numbers(STEPS, LANES, 5),
        "x is [7, 2, 5] but elman[inputs=4, hidden=3] needs [T, B, 4]");
    refusedWith(
        "x", numbers(STEPS, LANES), "x is [7, 2] but elman[inputs=4, hidden=3] needs [T, B, 4]");
    refusedWith(
        "x",
        FileTensor.of(x, STEPS * LANES),
        "x is [14] but elman[inputs=4, hidden=3] needs [T, B] of token ids");
    refusedWith(
        "x",
        FileTensor.of(new int[0], 0, 2),
        "x is [0, 2] but at least one step of one lane is needed");
    refusedWith("y", FileTensor.of(y, LANES, STEPS), "y is [2, 7] but x and the model need [7, 2]");
    refusedWith(
        "h0", numbers(2, LANES, HIDDEN), "h0 is [2, 2, 3] but x and the model need [1, 2, 3]");
    refusedWith(
        "xi",
        numbers(STEPS - 1),
        "xi is [6] but x has 7 steps of 2 lanes: it has to be [7] or [7, 2]");
    refusedWith("c0", numbers(1, LANES, HIDDEN), "it has c0, but a batch for this model holds");
  }

  @Test
  void numbersThatCannotBeUsedAreNamedWithTheirPlace() throws IOException {
    int[] wrong = x.clone();
    wrong[5] = 4;
    refusedWith(
        "x",
        FileTensor.of(wrong, STEPS, LANES),
        "x at step 2, lane 1 is token 4 but the model knows 0 to 3");
    wrong[5] = -1;
    refusedWith(
        "y",
        FileTensor.of(wrong, STEPS, LANES),
        "y at step 2, lane 1 is class -1 but the model knows 0 to 3");
    FileTensor.Floats nan = numbers(STEPS, LANES, INPUTS);
    nan.values()[3 * LANES * INPUTS] = Float.NaN;
    refusedWith("x", nan, "x at step 3, lane 0 is NaN, but only finite numbers can be used");
    FileTensor.Floats infinite = numbers(1, LANES, HIDDEN);
    infinite.values()[4] = Float.POSITIVE_INFINITY;
    refusedWith("h0", infinite, "h0 is Infinity in layer 0, lane 1, unit 1");
  }

  @Test
  void dataCouplingNeedsXi() throws IOException {
    write(batch());
    Cli run = gradient("--coupling", "data");
    assertThat(run.code()).isEqualTo(ExitCode.INPUT);
    assertThat(run.err()).contains("needs the tensor xi [T] or [T, B], which the file lacks");
  }

  @Test
  void filesThatAreNotThereOrNotOursAreBadInput() throws IOException {
    refused("there is no " + at("data"));
    Files.writeString(at("data"), "time traveller");
    refused("looks like text");
    write(batch());
    byte[] whole = Files.readAllBytes(at("data"));
    Files.write(at("data"), Arrays.copyOf(whole, whole.length - 3));
    refused(at("data").toString());
    write(batch());
    Files.write(at("model"), new byte[] {'P', 'K', 3, 4, 20, 0, 8, 8, 0, 0});
    refused("PyTorch's .pt");
  }

  @Test
  void couplingsThatAreNoneAreWrongUsage() throws IOException {
    write(batch());
    misused("tau is 0 but a segment needs 1 step or more", "--coupling", "fixed:0");
    misused("the mean length is 1 but has to be more than 1", "--coupling", "random:1");
    misused("needs 1 <= K1 <= K2", "--coupling", "sliding:4,2");
    misused("is no coupling; there are full", "--coupling", "half");
    misused("--copling is no option of gradient. Did you mean --coupling?", "--copling=full");
  }

  @Test
  void theModelIsNotOverwritten() throws IOException {
    write(batch());
    byte[] before = Files.readAllBytes(at("model"));
    Cli run =
        Cli.run(
            "gradient", "--model=" + at("model"), "--data=" + at("data"), "--out=" + at("model"));
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--out and --model are the same file");
    assertThat(Files.readAllBytes(at("model"))).isEqualTo(before);
  }

  @Test
  void anOutThatCannotBeWrittenIsAFailure() throws IOException {
    write(batch());
    Cli run =
        Cli.run(
            "gradient",
            "--model=" + at("model"),
            "--data=" + at("data"),
            "--out=" + folder.resolve("nowhere/gradient"));
    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err())
        .contains("could not write", "there is no folder", ", or name another place with --out");
    assertThat(run.out()).isEmpty();
  }

  private void misused(String message, String... more) {
    Cli run = gradient(more);
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains(message);
    assertThat(at("gradient")).doesNotExist();
  }

  private void refusedWith(String name, FileTensor tensor, String message) throws IOException {
    Map<String, FileTensor> batch = batch();
    batch.put(name, tensor);
    write(batch);
    refused(message);
  }

  private void refused(String message) {
    Cli run = gradient();
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.code()).isEqualTo(ExitCode.INPUT);
    assertThat(run.out()).isEmpty();
    assertThat(at("gradient")).doesNotExist();
  }

  private Cli gradient(String... more) {
    String[] args =
        Arrays.copyOf(
            new String[] {
              "gradient",
              "--model=" + at("model"),
              "--data=" + at("data"),
              "--out=" + at("gradient")
            },
            4 + more.length);
    System.arraycopy(more, 0, args, 4, more.length);
    return Cli.run(args);
  }

  private byte[] seeded(int seed) throws IOException {
    gradient("--coupling=random:3", "--seed=" + seed);
    return Files.readAllBytes(at("gradient"));
  }

  private Path at(String name) {
    return folder.resolve(name + ".safetensors");
  }

  private Map<String, FileTensor> batch() {
    Map<String, FileTensor> batch = new LinkedHashMap<>();
    batch.put("x", FileTensor.of(x, STEPS, LANES));
    batch.put("y", FileTensor.of(y, STEPS, LANES));
    batch.put("h0", FileTensor.of(h0, 1, LANES, HIDDEN));
    return batch;
  }

  private void write(Map<String, FileTensor> batch) throws IOException {
    SafeTensors.write(at("data"), TensorFile.of(batch));
  }

  private ElmanTrace trace() {
    double[] w = new double[weights.values().length];
    Arrays.setAll(w, i -> weights.values()[i]);
    double[][] entering = new double[LANES][HIDDEN];
    for (int i = 0; i < h0.length; i++) {
      entering[i / HIDDEN][i % HIDDEN] = h0[i];
    }
    return ElmanNetwork.zeros(Phi.TANH, INPUTS, HIDDEN, INPUTS)
        .withParameters(w)
        .forward(Matrices.oneHot(square(x), INPUTS), new double[][][] {entering});
  }

  private BookLoss loss() {
    return new BookLoss.CrossEntropy(square(y));
  }

  private static void compare(TensorFile found, ElmanGradient book) {
    ElmanNetwork.Layer layer = book.weights().layers().get(0);
    close(found.floats("rnn.weight_ih_l0"), Matrices.transpose(layer.wxh()));
    close(found.floats("rnn.weight_hh_l0"), Matrices.transpose(layer.whh()));
    close(found.floats("rnn.bias_ih_l0"), layer.bh());
    close(found.floats("rnn.bias_hh_l0"), layer.bh());
    close(found.floats("decoder.weight"), Matrices.transpose(book.weights().whq()));
    close(found.floats("decoder.bias"), book.weights().bq());
    close(found.floats("h0"), book.h0()[0]);
  }

  private static void close(FileTensor.Floats found, double[]... expected) {
    double[] flat = Matrices.flatten(expected);
    assertThat(found.values()).hasSameSizeAs(flat);
    for (int i = 0; i < flat.length; i++) {
      assertThat((double) found.values()[i]).isCloseTo(flat[i], within(1e-6));
    }
  }

  private static double[][] rows(FileTensor.Floats xi) {
    double[][] rows = new double[STEPS][LANES];
    for (int t = 0; t < STEPS; t++) {
      for (int b = 0; b < LANES; b++) {
        rows[t][b] = xi.shape().length == 1 ? xi.values()[t] : xi.values()[t * LANES + b];
      }
    }
    return rows;
  }

  private static int[][] square(int[] flat) {
    int[][] rows = new int[STEPS][LANES];
    for (int i = 0; i < flat.length; i++) {
      rows[i / LANES][i % LANES] = flat[i];
    }
    return rows;
  }

  private static FileTensor.Floats numbers(int... shape) {
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] values = new float[size];
    Randomness randomness = Randomness.of(3);
    for (int i = 0; i < size; i++) {
      values[i] = (float) randomness.gaussian(i);
    }
    return FileTensor.of(values, shape);
  }

  private static int[] ids(long seed) {
    int[] ids = new int[STEPS * LANES];
    Arrays.setAll(ids, i -> Randomness.of(seed).below(INPUTS, i));
    return ids;
  }
}
