package dev.lookback.cli.onnx;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.format.FormatException;
import dev.lookback.format.TensorFile;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer as ONNX's operator for it.
 *
 * <p>ONNX has the gates in other orders than PyTorch, whose order model files have: i, o, f, c for
 * i, f, g, o of an LSTM, and z, r, h for r, z, n of a GRU. Its GRU is {@code h' = (1 - z) n + z h}
 * too, so that z keeps the past in both; {@code linear_before_reset} = 1 is the reset after the
 * product. Biases of inputs and of states stand one after the other in one vector {@code [1, 2 G
 * H]}.
 *
 * @param type the operator's name
 * @param order for each gate in ONNX's order its place in PyTorch's
 * @param attributes of the node
 */
record RecurrentOperator(String type, int[] order, List<Message> attributes) {

  /**
   * The operator for a cell.
   *
   * @throws FormatException if ONNX has none
   */
  static RecurrentOperator of(Cell cell) {
    if (cell instanceof Lstm) {
      return new RecurrentOperator("LSTM", new int[] {0, 3, 1, 2}, List.of());
    } else if (cell instanceof Gru gru) {
      long after = gru.reset() == Gru.Reset.AFTER ? 1 : 0;
      Message side = Graph.attribute("linear_before_reset", after);
      return new RecurrentOperator("GRU", new int[] {1, 0, 2}, List.of(side));
    } else if (cell instanceof Elman elman) {
      return new RecurrentOperator("RNN", new int[] {0}, activation(elman.activation()));
    }
    throw new FormatException(
        "has a layer of the cell "
            + cell.label()
            + ", for which ONNX has no operator: it has RNN, GRU and LSTM. Write it as safetensors,"
            + " or train a network of elman, gru or lstm");
  }

  private static List<Message> activation(Activation activation) {
    return switch (activation) {
      case TANH -> List.of(Graph.attribute("activations", "Tanh"));
      case RELU -> List.of(Graph.attribute("activations", "Relu"));
      // ONNX has no identity here, but 1 a + 0.
      case IDENTITY ->
          List.of(
              Graph.attribute("activations", "Affine"),
              Graph.attribute("activation_alpha", new float[] {1}),
              Graph.attribute("activation_beta", new float[] {0}));
    };
  }

  /**
   * Adds layer l to a graph.
   *
   * @param x {@code [T, B, D]}
   * @param entering the state's planes that enter, {@code [1, B, H]}
   * @param leaving what the planes after the last step are to be called
   * @return h of all steps, {@code [T, 1, B, H]}
   */
  String add(
      Graph graph, TensorFile file, int l, String x, List<String> entering, List<String> leaving) {
    int hidden = file.floats("rnn.weight_hh_l" + l).shape()[1];
    List<String> inputs = new ArrayList<>();
    inputs.add(x);
    inputs.add(matrix(graph, file, "weight_ih_l" + l, "W_l" + l));
    inputs.add(matrix(graph, file, "weight_hh_l" + l, "R_l" + l));
    inputs.add(bias(graph, file, l));
    // The lengths of sequences: all are as long as x.
    inputs.add("");
    inputs.addAll(entering);
    List<String> outputs = new ArrayList<>(List.of("h_l" + l));
    outputs.addAll(leaving);
    List<Message> all = new ArrayList<>(attributes);
    all.add(Graph.attribute("hidden_size", hidden));
    graph.node(type, inputs, outputs, all.toArray(Message[]::new));
    return "h_l" + l;
  }

  private String matrix(Graph graph, TensorFile file, String from, String to) {
    float[] values = file.floats("rnn." + from).values();
    int[] shape = file.floats("rnn." + from).shape();
    float[] turned = new float[values.length];
    reorder(values, turned, 0);
    return graph.constant(to, turned, 1, shape[0], shape[1]);
  }

  private String bias(Graph graph, TensorFile file, int l) {
    if (file.find("rnn.bias_ih_l" + l).isEmpty()) {
      return "";
    }
    float[] ofInputs = file.floats("rnn.bias_ih_l" + l).values();
    float[] ofStates = file.floats("rnn.bias_hh_l" + l).values();
    float[] both = new float[2 * ofInputs.length];
    reorder(ofInputs, both, 0);
    reorder(ofStates, both, ofInputs.length);
    return graph.constant("B_l" + l, both, 1, both.length);
  }

  /** Copies the gates, each as many numbers as the others, in ONNX's order. */
  private void reorder(float[] from, float[] to, int at) {
    int gate = from.length / order.length;
    for (int g = 0; g < order.length; g++) {
      System.arraycopy(from, order[g] * gate, to, at + g * gate, gate);
    }
  }
}
