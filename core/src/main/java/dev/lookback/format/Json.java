package dev.lookback.format;

import java.util.List;
import java.util.Map;

/** A JSON value (RFC 8259). */
sealed interface Json {

  /** What it is called in messages. */
  String kind();

  record Text(String value) implements Json {
    @Override
    public String kind() {
      return "a string";
    }
  }

  /** A number without fraction and exponent. */
  record Whole(long value) implements Json {
    @Override
    public String kind() {
      return "the number " + value;
    }
  }

  /** A number with fraction or exponent. */
  record Decimal(double value) implements Json {
    @Override
    public String kind() {
      return "the number " + value;
    }
  }

  record Truth(boolean value) implements Json {
    @Override
    public String kind() {
      return String.valueOf(value);
    }
  }

  record Nothing() implements Json {
    @Override
    public String kind() {
      return "null";
    }
  }

  record Items(List<Json> values) implements Json {
    @Override
    public String kind() {
      return "an array";
    }
  }

  /** An object, its members in the order of the text. */
  record Members(Map<String, Json> values) implements Json {
    @Override
    public String kind() {
      return "an object";
    }
  }

  /** Reads a text that holds one value and nothing else. */
  static Json parse(String text) {
    return new JsonParser(text).parse();
  }

  /**
   * Writes a string with its quotes.
   *
   * @throws IllegalArgumentException if half of a surrogate pair stands alone: no reader could get
   *     it back
   */
  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u00")
                .append(c < 0x10 ? '0' : '1')
                .append("0123456789abcdef".charAt(c & 15));
          } else if (Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1))) {
            out.append(c).append(text.charAt(++i));
          } else if (Character.isSurrogate(c)) {
            throw new IllegalArgumentException(
                "a string holds half of a surrogate pair at character "
                    + i
                    + " and cannot be written");
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
