package dev.lookback.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Two numbers of each of several things, measured once or several times: the quality that couplings
 * came to against the time or the memory that it took.
 *
 * <p>Each measurement is a small ring, their mean the thing's mark, with bars of a standard
 * deviation to both sides along both axes. A measurement without a place on the axes is left out,
 * and a line under the plot says how many there were.
 *
 * @param title what the plot shows, read to those who cannot see it
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param clouds the things, in the order of the legend
 */
public record ScatterPlot(String title, Axis x, Axis y, List<Cloud> clouds) implements Picture {

  /**
   * A thing's measurements.
   *
   * @param name what the legend says
   * @param x their first numbers
   * @param y their second numbers
   */
  public record Cloud(String name, double[] x, double[] y) {
    /** Checks that both arrays are equally long. */
    public Cloud {
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "cloud \"%s\" has %d x but %d y", name, x.length, y.length));
      }
    }
  }

  /** Copies the list. */
  public ScatterPlot {
    clouds = List.copyOf(clouds);
  }

  /** A plot of these. */
  public static ScatterPlot of(String title, Axis x, Axis y, Cloud... clouds) {
    return new ScatterPlot(title, x, y, Arrays.asList(clouds));
  }

  /** This plot and one more thing. */
  public ScatterPlot with(Cloud more) {
    List<Cloud> all = new ArrayList<>(clouds);
    all.add(more);
    return new ScatterPlot(title, x, y, all);
  }

  @Override
  public String svg(int width) {
    return new ScatterDrawing(this, width).svg();
  }

  /** A cloud's measurements that have a place on both axes. */
  Cloud drawn(Cloud cloud) {
    double[] xs = new double[cloud.x().length];
    double[] ys = new double[cloud.x().length];
    int n = 0;
    for (int i = 0; i < cloud.x().length; i++) {
      if (x.holds(cloud.x()[i]) && y.holds(cloud.y()[i])) {
        xs[n] = cloud.x()[i];
        ys[n++] = cloud.y()[i];
      }
    }
    return new Cloud(cloud.name(), Arrays.copyOf(xs, n), Arrays.copyOf(ys, n));
  }

  /** What was left out, one sentence for each thing that lost a measurement. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Cloud cloud : clouds) {
      int n = cloud.x().length;
      int lost = n - drawn(cloud).x().length;
      if (lost > 0) {
        String points = n == 1 ? "point" : "points";
        notes.add(
            String.format(
                Locale.ROOT,
                "%s: %d of %d %s without a place on the axes, left out.",
                cloud.name(),
                lost,
                n,
                points));
      }
    }
    return notes;
  }

  /** The mean, a standard deviation to both sides of it; the number itself where it is one. */
  static Interval spread(double[] values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    if (values.length < 2) {
      return Interval.of(mean);
    }
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Interval.plusMinus(mean, Math.sqrt(squares / (values.length - 1)));
  }
}
