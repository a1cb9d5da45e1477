package dev.lookback.cli.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Round numbers for an axis, and the range they and the data need.
 *
 * @param low the axis' first number
 * @param high its last number, above {@code low}
 * @param values the round numbers on it, rising
 * @param labels what to write at each
 */
record Ticks(double low, double high, List<Double> values, List<String> labels) {
  private static final double[] CLOCK = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400
  };

  /**
   * Ticks for data between two numbers that the axis holds.
   *
   * @param most how many labels there is room for, 2 or more
   * @param outward whether the axis goes on to the next tick on both sides
   */
  static Ticks of(Axis axis, double low, double high, int most, boolean outward) {
    double from = Math.min(low, high);
    double to = Math.max(low, high);
    if (axis.scale() == Axis.Scale.LOG) {
      return log(axis, from, to, most, outward);
    }
    if (axis.fromZero()) {
      from = Math.min(0, from);
      to = Math.max(0, to);
    }
    // Closer together than labels could tell: draw them as one number in the middle.
    if (to - from <= 1e-9 * Math.max(Math.abs(from), Math.abs(to))) {
      double pad = Math.abs(from) < 1e-290 ? 1 : Math.abs(from) * .1;
      from -= pad;
      to += pad;
    }
    double step = step(axis.kind(), (to - from) / most);
    double first = Math.floor(from / step + 1e-9);
    double last = Math.ceil(to / step - 1e-9);
    if (outward) {
      from = Math.min(from, first * step);
      to = Math.max(to, last * step);
    }
    List<Double> values = new ArrayList<>();
    for (double i = first; i <= last; i++) {
      double value = multiple(i, step);
      if (value >= from - step * 1e-9 && value <= to + step * 1e-9) {
        values.add(Math.min(to, Math.max(from, value)));
      }
    }
    return new Ticks(from, to, values, TickLabels.linear(axis.kind(), values, step));
  }

  private static Ticks log(Axis axis, double low, double high, int most, boolean outward) {
    double from = low;
    double to = high;
    if (to / from < 1 + 1e-9) {
      from /= 2;
      to *= 2;
    } else if (outward) {
      double pad = Math.pow(to / from, .04);
      from /= pad;
      to *= pad;
    }
    List<Double> values =
        axis.kind() == Axis.Kind.BYTES ? powersOfTwo(from, to, most) : decades(from, to, most);
    if (values.size() < 2 || (values.size() < 3 && to / from < 10)) {
      Axis linear = new Axis("", "", Axis.Scale.LINEAR, axis.kind(), false);
      Ticks even = of(linear, from, to, most, false);
      return new Ticks(from, to, even.values, even.labels);
    }
    return new Ticks(from, to, values, TickLabels.log(axis.kind(), values));
  }

  /** 1, 2, 5 in each decade; where that is too many 1 only; else every second, third ... decade. */
  private static List<Double> decades(double from, double to, int most) {
    int first = (int) Math.floor(Math.log10(from) - 1e-9);
    int last = (int) Math.ceil(Math.log10(to) + 1e-9);
    for (int[] digits : new int[][] {{1, 2, 5}, {1, 3}, {1}}) {
      List<Double> values = new ArrayList<>();
      for (int exponent = first; exponent <= last; exponent++) {
        for (int digit : digits) {
          addIfBetween(values, Double.parseDouble(digit + "e" + exponent), from, to);
        }
      }
      if (values.size() <= most) {
        return values;
      }
    }
    int stride = (int) Math.ceil((last - first + 1) / (double) most);
    List<Double> values = new ArrayList<>();
    for (int exponent = Math.floorDiv(first, stride) * stride; exponent <= last; ) {
      addIfBetween(values, Double.parseDouble("1e" + exponent), from, to);
      exponent += stride;
    }
    return values;
  }

  private static List<Double> powersOfTwo(double from, double to, int most) {
    int first = Math.getExponent(from);
    int last = Math.getExponent(to) + 1;
    int stride = 1;
    while ((last - first) / stride >= most) {
      stride = stride == 1 ? 2 : stride == 2 ? 5 : stride + 5;
    }
    List<Double> values = new ArrayList<>();
    for (int e = Math.floorDiv(first, stride) * stride; e <= last; e += stride) {
      addIfBetween(values, Math.scalb(1.0, e), from, to);
    }
    return values;
  }

  private static void addIfBetween(List<Double> values, double value, double from, double to) {
    if (value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9)) {
      values.add(Math.min(to, Math.max(from, value)));
    }
  }

  private static double step(Axis.Kind kind, double least) {
    if (kind == Axis.Kind.BYTES && least > .5) {
      int exponent = Math.getExponent(least);
      return Math.scalb(1.0, Math.scalb(1.0, exponent) < least ? exponent + 1 : exponent);
    }
    if (kind == Axis.Kind.SECONDS && least > .5) {
      for (double step : CLOCK) {
        if (step >= least) {
          return step;
        }
      }
    }
    int exponent = (int) Math.floor(Math.log10(least));
    for (int digit : new int[] {1, 2, 5}) {
      double step = Double.parseDouble(digit + "e" + exponent);
      if (step >= least * (1 - 1e-9)) {
        return step;
      }
    }
    return Double.parseDouble("1e" + (exponent + 1));
  }

  /** i * step without the last bit's dirt: 3 * 0.1 is 0.3. */
  private static double multiple(double i, double step) {
    return BigDecimal.valueOf(step).multiply(BigDecimal.valueOf(i)).doubleValue();
  }
}
