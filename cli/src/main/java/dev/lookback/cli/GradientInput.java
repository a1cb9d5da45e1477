package dev.lookback.cli;

import dev.lookback.cell.Cell;
import dev.lookback.cli.words.Brief;
import dev.lookback.format.FileTensor;
import dev.lookback.format.FormatException;
import dev.lookback.format.Model;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model and a batch that fits it: every shape, every id and every number was looked at.
 *
 * @param model the model
 * @param window x and y
 * @param entering h0 and c0, where the file has them
 * @param links xi where the file has it
 * @param data the batch's file
 */
record GradientInput(
    Model model, Window window, EnteringState entering, Optional<Links> links, Path data) {

  /** Reads both files. */
  static GradientInput read(Path modelFile, ForeignOptions foreign, Path data) {
    Model model;
    TensorFile batch;
    try {
      model = foreign.read(modelFile);
      requireFinite("the model", modelFile, model.weights().values());
      batch = SafeTensors.read(data);
    } catch (IOException e) {
      throw Failure.input(String.valueOf(e.getMessage()));
    }
    try {
      return fit(new Source(model, modelFile, foreign), batch, data);
    } catch (FormatException e) {
      throw e.in(data);
    }
  }

  /** Whether the file has xi. */
  boolean hasXi() {
    return links.isPresent();
  }

  /** xi, which has to be there. */
  Links xi() {
    return links.orElseThrow(
        () ->
            Failure.input(
                data
                    + ": --coupling data needs the tensor xi [T] or [T, B], which the file lacks."
                    + " Add it, or choose full, fixed:TAU, random:MEAN or sliding:K1,K2"));
  }

  /**
   * Where a model comes from.
   *
   * @param model what was read
   * @param file its file
   * @param foreign what was said of it
   */
  private record Source(Model model, Path file, ForeignOptions foreign) {

    /** The loss that the file or the user names. */
    Optional<String> loss() {
      if (foreign.loss().isPresent()) {
        return foreign.loss();
      }
      try {
        return Optional.ofNullable(SafeTensors.read(file).metadata().get("lookback.loss"));
      } catch (IOException e) {
        throw Failure.input(String.valueOf(e.getMessage()));
      }
    }
  }

  private static GradientInput fit(Source source, TensorFile batch, Path data) {
    Model model = source.model;
    requireKnown(batch, model.network());
    int[] size = inputSize(batch, model.network());
    Inputs inputs = inputs(batch, model.network(), size);
    Network network = withLossOf(batch, source);
    Targets targets = targets(batch, network, size);
    Window window = Window.of(size[0], size[1], inputs, targets);
    EnteringState entering = EnteringState.read(batch, network, size[1]);
    Model fitted = new Model(network, model.weights(), model.vocabulary(), model.config());
    return new GradientInput(fitted, entering.into(window), entering, links(batch, size), data);
  }

  private static void requireKnown(TensorFile batch, Network network) {
    Set<String> unknown = new TreeSet<>(batch.tensors().keySet());
    List<String> states = EnteringState.names(network);
    unknown.removeAll(List.of("x", "y", "xi"));
    unknown.removeAll(states);
    if (!unknown.isEmpty()) {
      throw new FormatException(
          "it has "
              + Brief.list(unknown)
              + ", but a batch for this model holds x, y and, if wanted, "
              + String.join(", ", states)
              + " and xi");
    }
  }

  private static FileTensor tensor(TensorFile batch, String name, String needed) {
    return batch
        .find(name)
        .orElseThrow(() -> new FormatException("it lacks the tensor " + name + " " + needed));
  }

  /** T and B. */
  private static int[] inputSize(TensorFile batch, Network network) {
    String name = describe(network);
    int[] shape =
        tensor(batch, "x", "[T, B] of token ids or [T, B, " + network.inputs() + "] of numbers")
            .shape();
    boolean tokens = batch.find("x").get() instanceof FileTensor.Ints;
    if (!tokens && network.embedding().isPresent()) {
      throw new FormatException(
          "x holds numbers, but the model has an embedding, which needs token ids I32 or I64 [T,"
              + " B]");
    }
    boolean fits = tokens ? shape.length == 2 : shape.length == 3 && shape[2] == network.inputs();
    if (!fits) {
      throw new FormatException(
          String.format(
              Locale.ROOT,
              "x is %s but %s needs %s",
              Arrays.toString(shape),
              name,
              tokens ? "[T, B] of token ids" : "[T, B, " + network.inputs() + "]"));
    } else if (shape[0] < 1 || shape[1] < 1) {
      throw new FormatException(
          "x is " + Arrays.toString(shape) + " but at least one step of one lane is needed");
    }
    return new int[] {shape[0], shape[1]};
  }

  private static Inputs inputs(TensorFile batch, Network network, int[] size) {
    if (batch.find("x").get() instanceof FileTensor.Ints tokens) {
      requireIds("x", "token", tokens.values(), size[1], network.inputs());
      return new Inputs.Tokens(tokens.values());
    }
    float[] values = batch.floats("x").values();
    requireNumbers("x", values, size[1], network.inputs());
    return new Inputs.Dense(values, network.inputs());
  }

  // y says which loss is meant; a model that says otherwise does not fit.
  private static Network withLossOf(TensorFile batch, Source source) {
    Network network = source.model.network();
    FileTensor y = tensor(batch, "y", "[T, B] of classes or [T, B, O] of values");
    Readout.Kind kind = y instanceof FileTensor.Ints ? Readout.Kind.SOFTMAX : Readout.Kind.LINEAR;
    Readout readout = network.readout();
    if (kind == readout.kind()) {
      return network;
    }
    source
        .loss()
        .ifPresent(
            said -> {
              throw new FormatException(
                  String.format(
                      Locale.ROOT,
                      "y holds %s, but the loss of %s is %s, which needs %s",
                      kind == Readout.Kind.SOFTMAX ? "class ids" : "numbers with a point",
                      source.file,
                      said,
                      kind == Readout.Kind.SOFTMAX
                          ? "F32 [T, B, " + readout.outputs() + "]"
                          : "I32 or I64 [T, B]"));
            });
    return new Network(
        network.cells(),
        new Readout(readout.outputs(), readout.bias(), kind),
        network.embedding(),
        network.dropout());
  }

  private static Targets targets(TensorFile batch, Network network, int[] size) {
    int outputs = network.readout().outputs();
    if (batch.find("y").get() instanceof FileTensor.Ints classes) {
      requireShape("y", classes.shape(), size[0], size[1]);
      requireIds("y", "class", classes.values(), size[1], outputs);
      return new Targets.Classes(classes.values());
    }
    FileTensor.Floats values = batch.floats("y");
    requireShape("y", values.shape(), size[0], size[1], outputs);
    requireNumbers("y", values.values(), size[1], outputs);
    return new Targets.Values(values.values(), outputs);
  }

  private static Optional<Links> links(TensorFile batch, int[] size) {
    if (batch.find("xi").isEmpty()) {
      return Optional.empty();
    }
    FileTensor.Floats xi = batch.floats("xi");
    boolean shared = xi.shape().length == 1 && xi.shape()[0] == size[0];
    if (!shared && !Arrays.equals(xi.shape(), size)) {
      throw new FormatException(
          String.format(
              Locale.ROOT,
              "xi is %s but x has %d steps of %d lanes: it has to be [%d] or [%d, %d]",
              Arrays.toString(xi.shape()),
              size[0],
              size[1],
              size[0],
              size[0],
              size[1]));
    }
    requireNumbers("xi", xi.values(), shared ? 1 : size[1], 1);
    return Optional.of(shared ? Links.shared(xi.values()) : Links.perLane(xi.values(), size[1]));
  }

  private static void requireShape(String name, int[] found, int... needed) {
    if (!Arrays.equals(found, needed)) {
      throw new FormatException(
          name
              + " is "
              + Arrays.toString(found)
              + " but x and the model need "
              + Arrays.toString(needed));
    }
  }

  private static void requireIds(String name, String what, int[] ids, int lanes, int bound) {
    for (int row = 0; row < ids.length; row++) {
      if (ids[row] < 0 || ids[row] >= bound) {
        throw new FormatException(
            String.format(
                Locale.ROOT,
                "%s at step %d, lane %d is %s %d but the model knows 0 to %d",
                name,
                row / lanes,
                row % lanes,
                what,
                ids[row],
                bound - 1));
      }
    }
  }

  private static void requireNumbers(String name, float[] values, int lanes, int width) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        int row = i / width;
        throw new FormatException(
            String.format(
                Locale.ROOT,
                "%s at step %d, lane %d is %s, but only finite numbers can be used",
                name,
                row / lanes,
                row % lanes,
                values[i]));
      }
    }
  }

  private static void requireFinite(String what, Path file, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw Failure.input(
            file + ": " + what + " holds " + value + ", but only finite numbers can be used");
      }
    }
  }

  private static String describe(Network network) {
    Cell cell = network.cells().get(0);
    return String.format(
        Locale.ROOT, "%s[inputs=%d, hidden=%d]", cell.label(), network.inputs(), cell.hidden());
  }
}
