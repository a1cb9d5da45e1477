package dev.lookback.cli.onnx;

import java.util.List;

/**
 * An ONNX graph being put together: constants, then nodes that read what stands before them. The
 * numbers are the fields of {@code GraphProto} and its parts.
 */
final class Graph {
  /** {@code AttributeProto.type}. */
  private static final int INT = 2;

  private static final int FLOATS = 6;
  private static final int STRINGS = 8;

  private final Message graph = new Message();

  Graph(String name) {
    graph.text(2, name);
  }

  /** The whole graph. */
  Message message() {
    return graph;
  }

  /** What the user gives. */
  void input(Port port) {
    graph.part(11, value(port));
  }

  /** What the user gets. */
  void output(Port port) {
    graph.part(12, value(port));
  }

  private static Message value(Port port) {
    Message axes = new Message();
    for (String axis : port.shape()) {
      boolean fixed = Character.isDigit(axis.charAt(0));
      Message extent = new Message();
      axes.part(1, fixed ? extent.whole(1, Long.parseLong(axis)) : extent.text(2, axis));
    }
    Message tensor = new Message().whole(1, port.type().code).part(2, axes);
    return new Message()
        .text(1, port.name())
        .part(2, new Message().part(1, tensor))
        .text(3, port.says());
  }

  /** Numbers with a point that never change, row-major. */
  String constant(String name, float[] values, int... shape) {
    graph.part(5, tensor(name, Port.Type.FLOAT, shape).bytes(9, values));
    return name;
  }

  /** Whole numbers that never change: a list. */
  String constant(String name, long... values) {
    graph.part(5, tensor(name, Port.Type.INT64, values.length).bytes(9, values));
    return name;
  }

  /** One whole number without an axis. */
  String scalar(String name, long value) {
    graph.part(5, tensor(name, Port.Type.INT64).bytes(9, new long[] {value}));
    return name;
  }

  private static Message tensor(String name, Port.Type type, int... shape) {
    Message tensor = new Message();
    for (int extent : shape) {
      tensor.whole(1, extent);
    }
    return tensor.whole(2, type.code).text(8, name);
  }

  /**
   * An operator.
   *
   * @param type its name in ONNX
   * @param inputs what it reads; empty for one that is left out
   * @param outputs what its results are called; empty for one that is not wanted
   * @param attributes of it
   */
  void node(String type, List<String> inputs, List<String> outputs, Message... attributes) {
    Message node = new Message();
    inputs.forEach(name -> node.text(1, name));
    outputs.forEach(name -> node.text(2, name));
    node.text(3, type + "/" + outputs.stream().filter(o -> !o.isEmpty()).findFirst().orElse(""));
    node.text(4, type);
    for (Message attribute : attributes) {
      node.part(5, attribute);
    }
    graph.part(1, node);
  }

  /** A whole number. */
  static Message attribute(String name, long value) {
    return new Message().text(1, name).whole(3, value).whole(20, INT);
  }

  /** Strings. */
  static Message attribute(String name, String... values) {
    Message attribute = new Message().text(1, name);
    for (String value : values) {
      attribute.text(9, value);
    }
    return attribute.whole(20, STRINGS);
  }

  /** Numbers with a point. */
  static Message attribute(String name, float[] values) {
    Message attribute = new Message().text(1, name);
    for (float value : values) {
      attribute.decimal(7, value);
    }
    return attribute.whole(20, FLOATS);
  }
}
