package dev.lookback.cli.onnx;

import com.google.protobuf.CodedOutputStream;
import dev.lookback.cell.Cell;
import dev.lookback.format.AtomicFile;
import dev.lookback.format.FileTensor;
import dev.lookback.format.FormatException;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.format.TensorFile;
import dev.lookback.network.Embedding;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A model as ONNX: one RNN, GRU or LSTM node for each layer and a linear readout, with the state as
 * inputs and outputs, so that a stream can be continued, and with free numbers of steps T and lanes
 * B.
 *
 * <pre>
 *   x       int64 [T, B] token ids, or float [T, B, D]
 *   h0, c0  float [layers, B, H]: the state that enters; c0 for an LSTM only
 *   logits  float [T, B, O]: o_t = h_t W_hq + b_q, before any softmax
 *   hn, cn  float [layers, B, H]: the state after the last step, the next call's h0 and c0
 * </pre>
 *
 * <p>A learned initial state cannot be the default of h0, whose B is free: it is in the metadata,
 * as {@code lookback.h0} and {@code lookback.c0}, a JSON list of H numbers for each layer. The
 * other metadata are those of our own files ({@link ModelFile}).
 *
 * <p>Operators are those of opset 13 (ONNX 1.8, 2020), in files of version 7: nothing newer is
 * needed, and older readers are many. A token id that is negative or outside of the vocabulary
 * makes a run fail: it is an index that {@code Gather} has to refuse.
 *
 * @param model what to write
 * @param inputs how it is given x
 */
public record OnnxFile(Model model, Given inputs) {
  /** The version of ONNX's operators. */
  public static final int OPSET = 13;

  private static final int FILE_VERSION = 7;
  private static final String OUTPUT = "logits";

  /** How x is given. */
  public enum Given {
    /** Ids, int64. */
    TOKENS,
    /** Rows of numbers, float. */
    NUMBERS
  }

  /**
   * Checks that ONNX can say it.
   *
   * @throws FormatException if it cannot
   */
  public OnnxFile {
    Network network = model.network();
    Cell top = network.top();
    for (Cell cell : network.cells()) {
      RecurrentOperator.of(cell);
      if (cell.hidden() != top.hidden() || cell.planes() != top.planes()) {
        throw new FormatException(
            String.format(
                Locale.ROOT,
                "has layers of %s[hidden=%d] and %s[hidden=%d], but the state h0 [layers, B, H]"
                    + " needs one cell and one H for all. Write it as safetensors",
                cell.label(),
                cell.hidden(),
                top.label(),
                top.hidden()));
      }
    }
    if (inputs == Given.NUMBERS && network.embedding().isPresent()) {
      throw new FormatException(
          "has an embedding, which needs token ids, not numbers. Leave --inputs out");
    }
  }

  /**
   * Writes it whole or not at all.
   *
   * @param version of the program, for the file
   * @return the bytes written
   * @throws FormatException if it is too large for the format
   */
  public long write(Path file, String version) throws IOException {
    Message message = message(version);
    long size = message.size();
    if (size > Integer.MAX_VALUE) {
      throw new FormatException(
          "needs "
              + size
              + " bytes as ONNX but a file of that format holds fewer than 2^31. Write it as"
              + " safetensors");
    }
    AtomicFile.write(
        file,
        out -> {
          CodedOutputStream coded = CodedOutputStream.newInstance(out, 1 << 16);
          message.write(coded);
          coded.flush();
        });
    return size;
  }

  /** What the graph takes. */
  public List<Port> takes() {
    List<Port> ports = new ArrayList<>();
    int size = model.network().inputs();
    ports.add(
        inputs == Given.TOKENS
            ? new Port("x", Port.Type.INT64, sequence(), "token ids, 0 to " + (size - 1))
            : new Port("x", Port.Type.FLOAT, sequence(size), "rows of numbers"));
    for (String name : planes("h0", "c0")) {
      String begins = learnsState() ? "metadata lookback." + name : "zero";
      String says = "the state that enters; " + begins + " at a stream's start";
      ports.add(new Port(name, Port.Type.FLOAT, state(), says));
    }
    return ports;
  }

  /** What the graph gives. */
  public List<Port> gives() {
    List<Port> ports = new ArrayList<>();
    List<String> shape = sequence(model.network().readout().outputs());
    ports.add(new Port(OUTPUT, Port.Type.FLOAT, shape, "h_t W_hq + b_q, before any softmax"));
    for (String name : planes("hn", "cn")) {
      String says = "the state after the last step: the next call's " + name.charAt(0) + "0";
      ports.add(new Port(name, Port.Type.FLOAT, state(), says));
    }
    return ports;
  }

  private static List<String> sequence(int... each) {
    List<String> shape = new ArrayList<>(List.of("time", "batch"));
    for (int extent : each) {
      shape.add(Integer.toString(extent));
    }
    return shape;
  }

  private List<String> state() {
    Network network = model.network();
    return List.of(
        Integer.toString(network.cells().size()),
        "batch",
        Integer.toString(network.top().hidden()));
  }

  private List<String> planes(String h, String c) {
    return List.of(h, c).subList(0, model.network().top().planes());
  }

  private boolean learnsState() {
    return model.network().learnsState();
  }

  private Message message(String version) {
    TensorFile file = ModelFile.contents(model);
    Message message =
        new Message()
            .whole(1, FILE_VERSION)
            .text(2, "lookback")
            .text(3, version)
            .text(6, description())
            .part(7, graph(file))
            .part(8, new Message().text(1, "").whole(2, OPSET));
    metadata(file)
        .forEach((key, value) -> message.part(14, new Message().text(1, key).text(2, value)));
    return message;
  }

  private Map<String, String> metadata(TensorFile file) {
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    if (learnsState()) {
      State state = State.initial(model.network(), model.weights(), 1);
      List<String> names = planes("h0", "c0");
      for (int p = 0; p < names.size(); p++) {
        List<String> layers = new ArrayList<>();
        for (int l = 0; l < model.network().cells().size(); l++) {
          layers.add(Arrays.toString(state.layer(l)[p]));
        }
        metadata.put("lookback." + names.get(p), layers.toString());
      }
    }
    return metadata;
  }

  private String description() {
    Network network = model.network();
    StringBuilder says = new StringBuilder();
    says.append(network.top().label())
        .append(
            network.cells().size() == 1 ? ", 1 layer" : ", " + network.cells().size() + " layers")
        .append(" of ")
        .append(network.top().hidden())
        .append(" units.");
    ports(says, " Inputs: ", takes());
    ports(says, " Outputs: ", gives());
    return says.toString();
  }

  private static void ports(StringBuilder says, String heading, List<Port> ports) {
    String before = heading;
    for (Port port : ports) {
      says.append(before)
          .append(port.name())
          .append(' ')
          .append(port.type().label())
          .append(port.shape())
          .append(", ")
          .append(port.says());
      before = "; ";
    }
    says.append('.');
  }

  private Message graph(TensorFile file) {
    Graph graph = new Graph("lookback");
    takes().forEach(graph::input);
    gives().forEach(graph::output);
    String below = firstLayerInputs(graph, file);
    String time = graph.constant("axis_1", 1);
    List<Cell> cells = model.network().cells();
    for (int l = 0; l < cells.size(); l++) {
      RecurrentOperator operator = RecurrentOperator.of(cells.get(l));
      String h = operator.add(graph, file, l, below, entering(graph, l), leaving(l));
      // From [T, directions, B, H]; there is one direction.
      below = h + "_rows";
      graph.node("Squeeze", List.of(h, time), List.of(below));
    }
    if (cells.size() > 1) {
      for (String name : planes("hn", "cn")) {
        List<String> parts =
            IntStream.range(0, cells.size()).mapToObj(l -> name + "_l" + l).toList();
        graph.node("Concat", parts, List.of(name), Graph.attribute("axis", 0));
      }
    }
    readout(graph, below);
    return graph.message();
  }

  private String firstLayerInputs(Graph graph, TensorFile file) {
    if (inputs == Given.NUMBERS) {
      return "x";
    }
    int size = model.network().inputs();
    String depth = graph.scalar("vocabulary_size", size);
    String ids = indices(graph, depth);
    if (model.network().embedding().isPresent()) {
      FileTensor.Floats embedding = file.floats(Embedding.NAME);
      String table = graph.constant(Embedding.NAME, embedding.values(), embedding.shape());
      graph.node("Gather", List.of(table, ids), List.of("embedded"));
      return "embedded";
    }
    // OneHot alone makes zeros of an id that does not exist.
    String all = graph.constant("all_ids", LongStream.range(0, size).toArray());
    graph.node("Gather", List.of(all, ids), List.of("known_ids"));
    String values = graph.constant("off_on", new float[] {0, 1}, 2);
    graph.node("OneHot", List.of("known_ids", depth, values), List.of("one_hot"));
    return "one_hot";
  }

  // The ids as indices of which Gather refuses all that are no ids: it counts a negative one from
  // the end, so that V stands in its place, which is one too many.
  private static String indices(Graph graph, String size) {
    graph.node("Less", List.of("x", graph.scalar("first_id", 0)), List.of("negative"));
    graph.node("Where", List.of("negative", size, "x"), List.of("indices"));
    return "indices";
  }

  // Layer l of h0 [layers, B, H]; where there is one layer, all of it.
  private List<String> entering(Graph graph, int l) {
    List<String> planes = planes("h0", "c0");
    if (model.network().cells().size() == 1) {
      return planes;
    }
    String from = graph.constant("layer_" + l, l);
    String to = graph.constant("after_layer_" + l, l + 1L);
    String axis = graph.constant("axis_0_of_layer_" + l, 0);
    List<String> parts = new ArrayList<>();
    for (String plane : planes) {
      parts.add(plane + "_l" + l);
      graph.node("Slice", List.of(plane, from, to, axis), List.of(plane + "_l" + l));
    }
    return parts;
  }

  private List<String> leaving(int l) {
    List<String> planes = planes("hn", "cn");
    boolean single = model.network().cells().size() == 1;
    return single ? planes : planes.stream().map(name -> name + "_l" + l).toList();
  }

  private void readout(Graph graph, String h) {
    Network network = model.network();
    float[] weight = model.weights().of("decoder.weight");
    int outputs = network.readout().outputs();
    String matrix = graph.constant("W_hq", weight, network.top().hidden(), outputs);
    if (network.readout().bias()) {
      graph.node("MatMul", List.of(h, matrix), List.of("scores"));
      String bias = graph.constant("b_q", model.weights().of("decoder.bias"), outputs);
      graph.node("Add", List.of("scores", bias), List.of(OUTPUT));
    } else {
      graph.node("MatMul", List.of(h, matrix), List.of(OUTPUT));
    }
  }
}
