package dev.lookback.cli.report;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Text and numbers as they may stand inside XML. */
final class Markup {
  private static final int REPLACEMENT = 0xFFFD;

  private Markup() {}

  /**
   * Text for an element or an attribute in double quotes. Characters that XML cannot carry at all
   * (most control characters, halves of surrogate pairs) become U+FFFD.
   */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isXml(c) ? c : REPLACEMENT);
              }
            });
    return out.toString();
  }

  /** A coordinate: at most two decimals, never in scientific notation, never "-0". */
  static String coordinate(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a coordinate is " + value + " but has to be finite");
    }
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static boolean isXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c < 0x7F)
        || (c > 0x9F && c < 0xD800)
        || (c > 0xDFFF && c < 0xFFFE)
        || c > 0xFFFF;
  }
}
