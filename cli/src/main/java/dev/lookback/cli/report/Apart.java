package dev.lookback.cli.report;

/** Moves labels apart. */
final class Apart {
  private Apart() {}

  /**
   * The places nearest to the wanted ones, in squares, that are {@code gap} apart and inside the
   * borders; where they do not all fit, they run over the lower border.
   *
   * @param wanted rising
   */
  static double[] spread(double[] wanted, double gap, double top, double bottom) {
    int n = wanted.length;
    // Less i * gap the places only have to rise: an isotonic regression, by pooling neighbours
    // that are out of order (Barlow and others 1972).
    double[] mean = new double[n];
    int[] size = new int[n];
    int pools = 0;
    for (int i = 0; i < n; i++) {
      mean[pools] = wanted[i] - i * gap;
      size[pools++] = 1;
      while (pools > 1 && mean[pools - 2] > mean[pools - 1]) {
        int both = size[pools - 2] + size[pools - 1];
        double sum = mean[pools - 2] * size[pools - 2] + mean[pools - 1] * size[pools - 1];
        mean[pools - 2] = sum / both;
        size[pools - 2] = both;
        pools--;
      }
    }
    double[] places = new double[n];
    int i = 0;
    for (int pool = 0; pool < pools; pool++) {
      double at = Math.max(top, Math.min(bottom - (n - 1) * gap, mean[pool]));
      for (int k = 0; k < size[pool]; k++, i++) {
        places[i] = at + i * gap;
      }
    }
    return places;
  }
}
