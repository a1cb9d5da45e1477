package dev.lookback.weights;

import dev.lookback.math.Randomness;

/**
 * How a fresh tensor's numbers are drawn. Every number is a function of the randomness and of its
 * own index.
 */
@FunctionalInterface
public interface Initializer {

  /** Writes all numbers of {@code tensor} into {@code values}. */
  void fill(float[] values, Tensor tensor, Randomness randomness);

  /** Zeros. */
  static Initializer zeros() {
    return (values, tensor, randomness) -> {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        values[i] = 0;
      }
    };
  }

  /** Normal with mean 0 and the given standard deviation. */
  static Initializer normal(double deviation) {
    return (values, tensor, randomness) -> {
      for (int i = 0; i < tensor.size(); i++) {
        values[tensor.offset() + i] = (float) (deviation * randomness.gaussian(i));
      }
    };
  }

  /** Uniform in [-bound, bound). PyTorch's recurrent layers take bound = 1 / sqrt(hidden). */
  static Initializer uniform(double bound) {
    return (values, tensor, randomness) -> {
      for (int i = 0; i < tensor.size(); i++) {
        values[tensor.offset() + i] = (float) (bound * (2 * randomness.uniform(i) - 1));
      }
    };
  }

  /**
   * Uniform in +- sqrt(6 / (rows + columns)): the variance of activations and of gradients stays
   * near 1 (Glorot and Bengio 2010, eq. 16).
   */
  static Initializer glorot() {
    return (values, tensor, randomness) ->
        uniform(Math.sqrt(6.0 / (tensor.rows() + tensor.columns())))
            .fill(values, tensor, randomness);
  }

  /**
   * A random orthogonal matrix times {@code gain}: every singular value is {@code gain}, so that a
   * linear recurrence neither vanishes nor explodes (Saxe, McClelland, Ganguli 2014). Gram and
   * Schmidt over normal rows, twice for accuracy, in double. With more rows than columns it is the
   * columns that are orthonormal.
   */
  static Initializer orthogonal(double gain) {
    return (values, tensor, randomness) -> {
      boolean tall = tensor.rows() > tensor.columns();
      int count = tall ? tensor.columns() : tensor.rows();
      int width = tall ? tensor.rows() : tensor.columns();
      double[][] basis = new double[count][width];
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < width; j++) {
          basis[i][j] = randomness.gaussian((long) i * width + j);
        }
        for (int pass = 0; pass < 2; pass++) {
          for (int k = 0; k < i; k++) {
            double along = 0;
            for (int j = 0; j < width; j++) {
              along += basis[i][j] * basis[k][j];
            }
            for (int j = 0; j < width; j++) {
              basis[i][j] -= along * basis[k][j];
            }
          }
        }
        double norm = 0;
        for (int j = 0; j < width; j++) {
          norm += basis[i][j] * basis[i][j];
        }
        norm = Math.sqrt(norm);
        for (int j = 0; j < width; j++) {
          basis[i][j] /= norm;
          int at = tall ? j * tensor.columns() + i : i * tensor.columns() + j;
          values[tensor.offset() + at] = (float) (gain * basis[i][j]);
        }
      }
    };
  }
}
