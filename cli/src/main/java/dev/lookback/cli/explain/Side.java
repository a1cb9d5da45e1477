package dev.lookback.cli.explain;

/**
 * The same quantity as one source has it.
 *
 * @param source who says so
 * @param values rows of numbers; a step or a row of a matrix each
 */
record Side(String source, double[][] values) {
  private static final String ENGINE = "engine (float)";
  private static final String BOOK = "book (double)";
  private static final String DIFFERENCES = "differences";

  static Side of(String source, double[]... values) {
    return new Side(source, values);
  }

  /** What the engine computed. */
  static Side engine(double[]... values) {
    return new Side(ENGINE, values);
  }

  /** What the book's equations give. */
  static Side book(double[]... values) {
    return new Side(BOOK, values);
  }

  /** What finite differences of the book's loss give. */
  static Side differences(double[]... values) {
    return new Side(DIFFERENCES, values);
  }

  /** The largest distance between two numbers in the same place. */
  double distance(Side other) {
    double largest = 0;
    for (int r = 0; r < values.length; r++) {
      for (int c = 0; c < values[r].length; c++) {
        double distance = Math.abs(values[r][c] - other.values[r][c]);
        // NaN has to show.
        largest = Double.isNaN(distance) ? distance : Math.max(largest, distance);
      }
    }
    return largest;
  }
}
