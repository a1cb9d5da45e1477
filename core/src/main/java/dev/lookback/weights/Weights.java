package dev.lookback.weights;

/**
 * A network's numbers, or a gradient with respect to them: one flat array and the layout that names
 * its parts.
 *
 * @param layout where each tensor stands
 * @param values {@code layout.size()} numbers; shared, not copied: the trainer updates them in
 *     place
 */
public record Weights(Layout layout, float[] values) {

  /** Checks that the array is as long as the layout says. */
  public Weights {
    if (values.length != layout.size()) {
      throw new IllegalArgumentException(
          "there are " + values.length + " numbers but the layout needs " + layout.size());
    }
  }

  /** All zero. */
  public static Weights zeros(Layout layout) {
    return new Weights(layout, new float[layout.size()]);
  }

  /** The same numbers in an array of their own. */
  public Weights copy() {
    return new Weights(layout, values.clone());
  }

  /** A copy of one tensor's numbers, row-major, {@code [rows, columns]} of its {@link Tensor}. */
  public float[] of(String name) {
    Tensor tensor = layout.get(name);
    float[] part = new float[tensor.size()];
    System.arraycopy(values, tensor.offset(), part, 0, part.length);
    return part;
  }

  /** The Euclidean norm of all numbers, summed in double in the order of the array. */
  public double norm() {
    double sum = 0;
    for (float v : values) {
      sum += (double) v * v;
    }
    return Math.sqrt(sum);
  }
}
