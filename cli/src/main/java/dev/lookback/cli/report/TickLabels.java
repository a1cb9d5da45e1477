package dev.lookback.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** What stands at the ticks of an axis. */
final class TickLabels {
  private static final String[] PREFIXES = {"", "k", "M", "G", "T"};
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private TickLabels() {}

  /** Labels of evenly spaced ticks: all with the same unit and the same number of decimals. */
  static List<String> linear(Axis.Kind kind, List<Double> values, double step) {
    return switch (kind) {
      case BYTES ->
          step >= 1 ? values.stream().map(TickLabels::bytes).toList() : plain(values, step);
      case SECONDS ->
          step >= 1
              ? values.stream().map(TickLabels::clock).toList()
              : plain(values, step).stream().map(label -> label + " s").toList();
      case PERCENT ->
          plain(values.stream().map(v -> v * 100).toList(), step * 100).stream()
              .map(label -> label + "%")
              .toList();
      case PLAIN -> plain(values, step);
    };
  }

  /** Labels of ticks at even factors: each as short as it can be. */
  static List<String> log(Axis.Kind kind, List<Double> values) {
    return switch (kind) {
      case BYTES -> values.stream().map(TickLabels::bytes).toList();
      case SECONDS -> values.stream().map(v -> single(v) + " s").toList();
      case PERCENT -> values.stream().map(v -> single(v * 100) + "%").toList();
      case PLAIN -> values.stream().map(TickLabels::single).toList();
    };
  }

  private static List<String> plain(List<Double> values, double step) {
    double largest = values.stream().mapToDouble(Math::abs).max().orElse(0);
    if (largest >= 1e15 || (largest > 0 && largest < 1e-3)) {
      return values.stream().map(TickLabels::power).toList();
    }
    int prefix = largest < 10_000 ? 0 : Math.min(4, (int) Math.floor(Math.log10(largest) / 3));
    // A prefix that would cost more than two decimals is worth less than the digits themselves.
    if (decimals(step / Math.pow(1000, prefix)) > 2) {
      prefix = 0;
    }
    double scale = Math.pow(1000, prefix);
    String format = "%,." + decimals(step / scale) + "f";
    String suffix = PREFIXES[prefix];
    return values.stream()
        .map(v -> v == 0 ? "0" : minus(String.format(Locale.ROOT, format, v / scale)) + suffix)
        .toList();
  }

  private static String single(double value) {
    BigDecimal exact = new BigDecimal(value).round(new MathContext(10)).stripTrailingZeros();
    double size = Math.abs(value);
    if (value != 0 && (size < 9.99e-4 || size >= 1e15)) {
      return power(value);
    }
    if (size < 10_000) {
      return minus(String.format(Locale.ROOT, "%,." + Math.max(0, exact.scale()) + "f", exact));
    }
    return minus(Numbers.compact(value));
  }

  private static String power(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal exact = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    String mantissa = exact.scaleByPowerOfTen(-exponent).toPlainString();
    String ten = "10" + superscript(exponent);
    if (mantissa.equals("1") || mantissa.equals("-1")) {
      return mantissa.equals("1") ? ten : "−" + ten;
    }
    return minus(mantissa) + "×" + ten;
  }

  private static String superscript(int exponent) {
    StringBuilder out = new StringBuilder(exponent < 0 ? "⁻" : "");
    for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
      out.append(SUPERSCRIPTS.charAt(digit - '0'));
    }
    return out.toString();
  }

  private static String bytes(double value) {
    return Numbers.bytes(Math.round(value));
  }

  private static String clock(double seconds) {
    long s = Math.round(seconds);
    if (s == 0) {
      return "0";
    }
    if (Math.abs(s) < 60) {
      return minus(s + " s");
    }
    if (s % 86400 == 0) {
      return minus(s / 86400 + " d");
    }
    if (s % 3600 == 0) {
      return minus(s / 3600 + " h");
    }
    return minus(s % 60 == 0 && Math.abs(s) < 3600 ? s / 60 + " m" : Numbers.duration((double) s));
  }

  private static int decimals(double step) {
    return Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
  }

  private static String minus(String number) {
    return number.replace('-', '−');
  }
}
