package dev.lookback.format;

import dev.lookback.weights.Layout;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Weights, or a gradient, as PyTorch's {@code state_dict} has them and back.
 *
 * <p>Our matrices are {@code [inputs, outputs]}, the file's {@code [outputs, inputs]}: they are
 * turned on the way. Vectors stay as they are, and so does {@code embedding.weight}, which is
 * {@code [V, E]} in both: a row for each token.
 */
public final class PyTorch {
  private static final String EMBEDDING = "embedding.weight";
  // Both sides of a tile fit the first-level cache.
  private static final int TILE = 32;

  private PyTorch() {}

  /** The tensors in the order of the layout; copies. */
  public static Map<String, FileTensor> toTensors(Weights weights) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    for (Tensor tensor : weights.layout().tensors()) {
      float[] values = new float[tensor.size()];
      if (isTurned(tensor)) {
        turn(weights.values(), tensor.offset(), values, 0, tensor.rows(), tensor.columns());
      } else {
        System.arraycopy(weights.values(), tensor.offset(), values, 0, values.length);
      }
      tensors.put(tensor.name(), FileTensor.of(values, shape(tensor)));
    }
    return tensors;
  }

  /**
   * A file's weights.
   *
   * @throws FormatException if the file's tensors are not exactly the layout's: every one that is
   *     missing, misshapen or unexpected is named, and nothing as large as the layout was allocated
   */
  public static Weights weights(Layout layout, TensorFile file) {
    check(layout, file);
    Weights weights = Weights.zeros(layout);
    fill(weights, file);
    return weights;
  }

  /**
   * Overwrites the weights with a file's.
   *
   * @throws FormatException if the file's tensors are not exactly the layout's: every one that is
   *     missing, misshapen or unexpected is named, and the weights are as they were
   */
  public static void fill(Weights weights, TensorFile file) {
    check(weights.layout(), file);
    for (Tensor tensor : weights.layout().tensors()) {
      float[] values = file.floats(tensor.name()).values();
      if (isTurned(tensor)) {
        turn(values, 0, weights.values(), tensor.offset(), tensor.columns(), tensor.rows());
      } else {
        System.arraycopy(values, 0, weights.values(), tensor.offset(), values.length);
      }
    }
  }

  /** The shape a tensor has in the file. */
  public static int[] shape(Tensor tensor) {
    if (tensor.vector()) {
      return new int[] {tensor.columns()};
    }
    return isTurned(tensor)
        ? new int[] {tensor.columns(), tensor.rows()}
        : new int[] {tensor.rows(), tensor.columns()};
  }

  private static boolean isTurned(Tensor tensor) {
    return !tensor.vector() && !tensor.name().equals(EMBEDDING);
  }

  private static void check(Layout layout, TensorFile file) {
    List<String> complaints = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    Set<String> unexpected = new LinkedHashSet<>(file.tensors().keySet());
    for (Tensor tensor : layout.tensors()) {
      unexpected.remove(tensor.name());
      FileTensor found = file.tensors().get(tensor.name());
      int[] needed = shape(tensor);
      if (found == null) {
        missing.add(tensor.name() + " " + Arrays.toString(needed));
      } else if (!Arrays.equals(found.shape(), needed)) {
        complaints.add(
            tensor.name()
                + " is "
                + Arrays.toString(found.shape())
                + " but this model needs "
                + Arrays.toString(needed));
      } else if (found instanceof FileTensor.Ints) {
        complaints.add(tensor.name() + " holds whole numbers but has to be F32 or F64");
      }
    }
    if (!missing.isEmpty()) {
      complaints.add("this model needs " + Names.list(missing) + ", which the file lacks");
    }
    if (!unexpected.isEmpty()) {
      complaints.add(
          "the file has " + Names.list(unexpected) + ", which this model has no use for");
    }
    if (!complaints.isEmpty()) {
      throw new FormatException(String.join("; ", complaints));
    }
  }

  /** {@code to[x, y] = from[y, x]}, {@code from} being {@code [height, width]}. */
  private static void turn(
      float[] from, int fromOffset, float[] to, int toOffset, int height, int width) {
    for (int top = 0; top < height; top += TILE) {
      for (int left = 0; left < width; left += TILE) {
        for (int y = top; y < Math.min(top + TILE, height); y++) {
          for (int x = left; x < Math.min(left + TILE, width); x++) {
            to[toOffset + x * height + y] = from[fromOffset + y * width + x];
          }
        }
      }
    }
  }
}
