package dev.lookback.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Numbers as people read them, the same in every language setting: a point before decimals, a comma
 * between thousands. What is not a number reads {@code NaN}, what is too large {@code ∞}.
 */
public final class Numbers {
  private static final String[] BINARY_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final String[] SI_PREFIXES = {"", "k", "M", "G", "T"};
  private static final double LARGEST_PLAIN = 1e7;
  private static final double SMALLEST_PLAIN = 1e-4;

  private Numbers() {}

  /** A whole number: {@code 12,345}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A large number in little room, to three digits: {@code 12.3k}, {@code 1.2M}. */
  public static String compact(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value) || size < 1000 || size >= 1e15) {
      return withoutTrailingZeros(significant(value, 3));
    }
    int power = 0;
    double scaled = value;
    while (Math.abs(scaled) >= 999.5 && power < SI_PREFIXES.length - 1) {
      scaled /= 1000;
      power++;
    }
    return withoutTrailingZeros(significant(scaled, 3)) + SI_PREFIXES[power];
  }

  /** An amount of memory, in powers of 1024: {@code 64 MiB}, {@code 1.5 KiB}. */
  public static String bytes(long value) {
    int unit = 0;
    double scaled = value;
    while (Math.abs(scaled) >= 1023.5 && unit < BINARY_UNITS.length - 1) {
      scaled /= 1024;
      unit++;
    }
    int digits = Math.abs(scaled) >= 1000 ? 4 : 3;
    return withoutTrailingZeros(significant(scaled, digits)) + " " + BINARY_UNITS[unit];
  }

  /** A length of time: {@code 850 ms}, {@code 4.2 s}, {@code 1 m 05 s}, {@code 2 h 03 m}. */
  public static String duration(double seconds) {
    if (seconds < 0) {
      return "-" + duration(-seconds);
    }
    if (!Double.isFinite(seconds) || seconds >= 1e9) {
      return significant(seconds, 3) + " s";
    }
    if (seconds == 0) {
      return "0 s";
    }
    if (seconds < 0.9995) {
      return withoutTrailingZeros(significant(seconds * 1000, 3)) + " ms";
    }
    if (seconds < 9.95) {
      return fixed(seconds, 1) + " s";
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return whole / 60 + " m " + twoDigits(whole % 60) + " s";
    }
    long minutes = Math.round(seconds / 60);
    if (minutes < 24 * 60) {
      return minutes / 60 + " h " + twoDigits(minutes % 60) + " m";
    }
    long hours = Math.round(seconds / 3600);
    return count(hours / 24) + " d " + twoDigits(hours % 24) + " h";
  }

  /** A fraction as a percentage: {@code 0.421} is {@code 42.1%}, {@code 0.0003} {@code 0.030%}. */
  public static String percent(double fraction) {
    double percent = fraction * 100;
    boolean small = percent != 0 && Math.abs(percent) < 0.095;
    return (small ? significant(percent, 2) : fixed(percent, 1)) + "%";
  }

  /** A number to so many significant digits: {@code 7.43}, {@code 12,300}, {@code 1.2e-7}. */
  public static String significant(double value, int digits) {
    if (digits < 1) {
      throw new IllegalArgumentException("digits is " + digits + " but has to be 1 or more");
    }
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
    int exponent = rounded.precision() - rounded.scale() - 1;
    double size = Math.abs(rounded.doubleValue());
    if (size < SMALLEST_PLAIN || size >= LARGEST_PLAIN) {
      BigDecimal mantissa = rounded.scaleByPowerOfTen(-exponent);
      return mantissa.setScale(digits - 1, RoundingMode.HALF_EVEN) + "e" + exponent;
    }
    return plain(rounded, Math.max(0, digits - 1 - exponent));
  }

  /** A number with so many decimals: {@code 1,234.50}. */
  public static String fixed(double value, int decimals) {
    return Double.isFinite(value) ? plain(new BigDecimal(value), decimals) : notFinite(value);
  }

  /**
   * A number with its spread, both rounded to the spread's second significant digit: {@code 7.43 ±
   * 0.12}. Where either is very large or very small, both share a power of ten.
   */
  public static String plusMinus(double value, double spread) {
    if (!Double.isFinite(value) || !Double.isFinite(spread) || spread == 0) {
      return significant(value, 4) + " ± " + significant(spread, 2);
    }
    double size = Math.max(Math.abs(value), Math.abs(spread));
    if (size < 1e-3 || size >= LARGEST_PLAIN) {
      int power = exponent(size);
      BigDecimal v = new BigDecimal(value).scaleByPowerOfTen(-power);
      BigDecimal s = new BigDecimal(spread).scaleByPowerOfTen(-power);
      return "(" + plusMinus(v.doubleValue(), s.doubleValue()) + ")e" + power;
    }
    int decimals = Math.min(9, 1 - exponent(spread));
    BigDecimal v = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
    BigDecimal s = new BigDecimal(Math.abs(spread)).setScale(decimals, RoundingMode.HALF_EVEN);
    return plain(v, Math.max(0, decimals)) + " ± " + plain(s, Math.max(0, decimals));
  }

  /** The power of ten of the first digit, after rounding to two. */
  private static int exponent(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(2));
    return rounded.precision() - rounded.scale() - 1;
  }

  private static String plain(BigDecimal value, int decimals) {
    BigDecimal rounded = value.setScale(decimals, RoundingMode.HALF_EVEN);
    return String.format(Locale.ROOT, "%,." + decimals + "f", rounded);
  }

  private static String notFinite(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return value > 0 ? "∞" : "-∞";
  }

  private static String twoDigits(long value) {
    return value < 10 ? "0" + value : Long.toString(value);
  }

  /** 1.50 is 1.5, 2.0 is 2, 100 stays. */
  static String withoutTrailingZeros(String number) {
    if (number.indexOf('.') < 0 || number.indexOf('e') >= 0) {
      return number;
    }
    int end = number.length();
    while (number.charAt(end - 1) == '0') {
      end--;
    }
    return number.substring(0, number.charAt(end - 1) == '.' ? end - 1 : end);
  }
}
