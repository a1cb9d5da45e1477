package dev.lookback.format;

import dev.lookback.cell.Cell;
import dev.lookback.network.Embedding;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Models as safetensors files with PyTorch's tensor names, shapes and orientation.
 *
 * <p>Metadata: {@code lookback.cell}, {@code lookback.activation} (Elman), {@code lookback.reset}
 * (GRU: after or before the product), {@code lookback.loss}, {@code lookback.vocabulary} (a JSON
 * list of symbols), {@code lookback.config} (JSON), {@code lookback.untrained} (a JSON list of
 * names). Another program's file, without them and with modules of other names, loads with {@link
 * Assumptions}.
 *
 * <p>A model with one bias vector a layer is written with {@code bias_hh} = 0, so that PyTorch's
 * modules take it, and with the names of these tensors as {@code lookback.untrained}: read again,
 * it has the parameters that it had. All other tensors of a file, two bias vectors of PyTorch's
 * modules among them, are parameters of their own; so is an untrained one that is no longer zero.
 */
public final class ModelFile {
  static final String LOSS = "lookback.loss";
  static final String VOCABULARY = "lookback.vocabulary";
  private static final String CONFIG = "lookback.config";
  private static final String UNTRAINED = "lookback.untrained";

  private ModelFile() {}

  /** Writes a model whole or not at all; a file that was there before stays if it fails. */
  public static void write(Path file, Model model) throws IOException {
    SafeTensors.write(file, contents(model));
  }

  /** Reads a model. */
  public static Model read(Path file) throws IOException {
    return read(file, Assumptions.none());
  }

  /**
   * Reads a model, perhaps another program's.
   *
   * @param assumptions what it is taken for where it does not say
   * @throws FormatException if the file is no model
   */
  public static Model read(Path file, Assumptions assumptions) throws IOException {
    TensorFile content = SafeTensors.read(file);
    try {
      return model(assumptions.applyTo(content));
    } catch (FormatException e) {
      throw e.in(file);
    }
  }

  /**
   * What {@link #write} writes: the tensors under PyTorch's names, {@code bias_hh} = 0 where a cell
   * has {@code bias_ih} only, and the metadata.
   */
  public static TensorFile contents(Model model) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    List<String> untrained = new ArrayList<>();
    for (Map.Entry<String, FileTensor> entry : PyTorch.toTensors(model.weights()).entrySet()) {
      String name = entry.getKey();
      tensors.put(name, entry.getValue());
      String other = name.replace("bias_ih", "bias_hh");
      if (!other.equals(name) && model.weights().layout().find(other).isEmpty()) {
        int hidden = entry.getValue().shape()[0];
        tensors.put(other, FileTensor.of(new float[hidden], hidden));
        untrained.add(other);
      }
    }
    Network network = model.network();
    Map<String, String> metadata = new LinkedHashMap<>();
    CellFile.describe(network.cells(), metadata);
    metadata.put(LOSS, lossOf(network.readout().kind()));
    model.vocabulary().ifPresent(symbols -> metadata.put(VOCABULARY, list(symbols)));
    model.config().ifPresent(config -> metadata.put(CONFIG, config));
    if (!untrained.isEmpty()) {
      metadata.put(UNTRAINED, list(untrained));
    }
    return new TensorFile(tensors, metadata);
  }

  private static Model model(TensorFile content) {
    TensorFile file = withoutUntrained(content);
    Network network = network(file);
    Weights weights = PyTorch.weights(layout(network), file);
    Optional<List<String>> vocabulary =
        Optional.ofNullable(file.metadata().get(VOCABULARY))
            .map(json -> strings("vocabulary", json));
    vocabulary.ifPresent(symbols -> requireFits(symbols, network));
    return new Model(
        network, weights, vocabulary, Optional.ofNullable(file.metadata().get(CONFIG)));
  }

  // Whoever trained such a model further may have given the tensor numbers, which count.
  private static TensorFile withoutUntrained(TensorFile file) {
    String names = file.metadata().get(UNTRAINED);
    if (names == null) {
      return file;
    }
    Map<String, FileTensor> parameters = new LinkedHashMap<>(file.tensors());
    for (String name : strings("list of untrained tensors", names)) {
      if (!name.startsWith("rnn.bias_hh_l")) {
        throw new FormatException(
            "its list of untrained tensors has \""
                + Names.brief(name)
                + "\" but only rnn.bias_hh_l0, rnn.bias_hh_l1, ... can be untrained");
      }
      if (parameters.get(name) instanceof FileTensor.Floats floats && isZero(floats.values())) {
        parameters.remove(name);
      }
    }
    return new TensorFile(parameters, file.metadata());
  }

  private static boolean isZero(float[] values) {
    for (float value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static void requireFits(List<String> symbols, Network network) {
    if (symbols.size() != network.inputs() || symbols.size() != network.readout().outputs()) {
      throw new FormatException(
          String.format(
              Locale.ROOT,
              "the vocabulary has %d symbols but the network takes %d and gives %d",
              symbols.size(),
              network.inputs(),
              network.readout().outputs()));
    }
  }

  private static Network network(TensorFile file) {
    if (file.find("rnn.weight_ih_l0").isEmpty()) {
      throw new FormatException(
          "has no tensor rnn.weight_ih_l0, so it is no recurrent model; "
              + Names.some(file.tensors().keySet())
              + remedy(file.tensors().keySet()));
    }
    List<Cell> cells = CellFile.read(file);
    if (file.find("decoder.weight").isEmpty()) {
      throw new FormatException(
          "has no tensor decoder.weight [outputs, hidden], which turns the top layer's state into"
              + " outputs; "
              + Names.some(file.tensors().keySet())
              + ". If one of them is it, say so with --rename, such as --rename fc=decoder");
    }
    int[] decoder = matrix(file, "decoder.weight");
    boolean bias = file.find("decoder.bias").isPresent();
    return fitting(file, cells, new Readout(decoder[0], bias, kind(file)));
  }

  // One tensor alone is no model under other names.
  private static String remedy(Set<String> names) {
    return names.size() < 2
        ? ""
        : ". If one of them is it, say so with --rename, such as --rename "
            + Names.nearest("ih_l0", names)
            + "=rnn.weight_ih_l0";
  }

  private static Network fitting(TensorFile file, List<Cell> cells, Readout readout) {
    try {
      Network network = new Network(cells, readout);
      if (file.find(Embedding.NAME).isEmpty()) {
        return network;
      }
      int[] shape = matrix(file, Embedding.NAME);
      Embedding embedding = new Embedding(shape[0], shape[1]);
      return new Network(cells, readout, Optional.of(embedding), 0);
    } catch (IllegalArgumentException e) {
      throw new FormatException("its layers do not fit on each other: " + e.getMessage());
    }
  }

  private static Layout layout(Network network) {
    try {
      return network.layout();
    } catch (IllegalArgumentException e) {
      throw new FormatException("its tensors belong to no model: " + e.getMessage());
    }
  }

  private static Readout.Kind kind(TensorFile file) {
    String label = file.metadata().getOrDefault(LOSS, lossOf(Readout.Kind.SOFTMAX));
    for (Readout.Kind kind : Readout.Kind.values()) {
      if (lossOf(kind).equals(label)) {
        return kind;
      }
    }
    throw new FormatException(
        "its loss is \"" + Names.brief(label) + "\" but cross-entropy or squared-error is needed");
  }

  static String lossOf(Readout.Kind kind) {
    return kind == Readout.Kind.SOFTMAX ? "cross-entropy" : "squared-error";
  }

  /** The shape of a matrix. */
  static int[] matrix(TensorFile file, String name) {
    int[] shape =
        file.find(name).orElseThrow(() -> new FormatException("has no tensor " + name)).shape();
    if (shape.length != 2 || shape[0] < 1 || shape[1] < 1) {
      throw new FormatException(
          name + " is " + Arrays.toString(shape) + " but a matrix [outputs, inputs] is needed");
    }
    return shape;
  }

  static String list(List<String> symbols) {
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < symbols.size(); i++) {
      if (i > 0) {
        json.append(',');
      }
      Json.quote(symbols.get(i), json);
    }
    return json.append(']').toString();
  }

  private static List<String> strings(String what, String json) {
    Json list;
    try {
      list = Json.parse(json);
    } catch (FormatException e) {
      throw new FormatException("in its " + what + ", " + e.getMessage());
    }
    List<String> strings = new ArrayList<>();
    if (list instanceof Json.Items items) {
      for (Json item : items.values()) {
        if (item instanceof Json.Text text) {
          strings.add(text.value());
        }
      }
      if (strings.size() == items.values().size()) {
        return strings;
      }
    }
    throw new FormatException("its " + what + " is not a JSON list of strings");
  }
}
