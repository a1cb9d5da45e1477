package dev.lookback.book;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Networks, inputs and losses drawn from a seed. */
final class Cases {
  private final Random random;

  Cases(long seed) {
    random = new Random(seed);
  }

  static Phi phi(int seed) {
    return List.of(Phi.TANH, Phi.RELU, Phi.IDENTITY).get(seed % 3);
  }

  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  double[] row(int n) {
    double[] row = new double[n];
    for (int i = 0; i < n; i++) {
      row[i] = random.nextGaussian();
    }
    return row;
  }

  double[][] matrix(int rows, int columns) {
    double[][] matrix = new double[rows][];
    for (int i = 0; i < rows; i++) {
      matrix[i] = row(columns);
    }
    return matrix;
  }

  double[][][] cube(int depth, int rows, int columns) {
    double[][][] cube = new double[depth][][];
    for (int i = 0; i < depth; i++) {
      cube[i] = matrix(rows, columns);
    }
    return cube;
  }

  int[][] ids(int steps, int lanes, int classes) {
    int[][] ids = new int[steps][lanes];
    for (int[] row : ids) {
      for (int b = 0; b < lanes; b++) {
        row[b] = random.nextInt(classes);
      }
    }
    return ids;
  }

  boolean[][] resets(int steps, int lanes) {
    boolean[][] resets = new boolean[steps][lanes];
    for (boolean[] row : resets) {
      for (int b = 0; b < lanes; b++) {
        row[b] = random.nextInt(4) == 0;
      }
    }
    return resets;
  }

  ElmanNetwork elman(Phi phi, int... widths) {
    ElmanNetwork zeros = ElmanNetwork.zeros(phi, widths);
    return zeros.withParameters(Matrices.scale(0.6, row(zeros.parameters().length)));
  }

  double[][][] state(ElmanNetwork network, int lanes) {
    double[][][] state = network.zeroState(lanes);
    for (double[][] layer : state) {
      for (int b = 0; b < lanes; b++) {
        layer[b] = Matrices.scale(0.3, row(layer[b].length));
      }
    }
    return state;
  }

  BookLoss loss(boolean classes, int steps, int lanes, int outputs) {
    return classes
        ? new BookLoss.CrossEntropy(ids(steps, lanes, outputs))
        : new BookLoss.HalfSquaredError(cube(steps, lanes, outputs));
  }

  /** |a - b| / max(1, |b|). */
  static double distance(double[] a, double[] b) {
    return Matrices.norm(Matrices.add(a, Matrices.scale(-1, b))) / Math.max(1, Matrices.norm(b));
  }

  static double distance(double[][] a, double[][] b) {
    return distance(Matrices.flatten(a), Matrices.flatten(b));
  }

  static double distance(double[][][] a, double[][][] b) {
    return distance(flatten(a), flatten(b));
  }

  static double[] flatten(double[][][] cube) {
    double[][] rows = new double[cube.length][];
    for (int i = 0; i < cube.length; i++) {
      rows[i] = Matrices.flatten(cube[i]);
    }
    return Matrices.flatten(rows);
  }

  /** {@code flat} in the shape of {@code like}. */
  static double[][][] shaped(double[] flat, double[][][] like) {
    double[][][] shaped = new double[like.length][][];
    int at = 0;
    for (int i = 0; i < like.length; i++) {
      shaped[i] = new double[like[i].length][];
      for (int j = 0; j < like[i].length; j++) {
        shaped[i][j] = Arrays.copyOfRange(flat, at, at + like[i][j].length);
        at += like[i][j].length;
      }
    }
    return shaped;
  }

  static double[][] shaped(double[] flat, double[][] like) {
    return shaped(flat, new double[][][] {like})[0];
  }
}
