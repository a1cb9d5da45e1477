package dev.lookback.cli.onnx;

import java.util.List;
import java.util.Locale;

/**
 * An input or an output of a model.
 *
 * @param name in the graph
 * @param type of its numbers
 * @param shape numbers, and names of extents that whoever runs the model chooses
 * @param says what it is
 */
public record Port(String name, Type type, List<String> shape, String says) {

  /** Types of numbers, with their codes in {@code TensorProto.DataType}. */
  public enum Type {
    /** 32 bits with a point. */
    FLOAT(1),
    /** Whole, 64 bits. */
    INT64(7);

    final int code;

    Type(int code) {
      this.code = code;
    }

    /** Its name in lower case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the shape. */
  public Port {
    shape = List.copyOf(shape);
  }
}
