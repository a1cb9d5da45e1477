package dev.lookback.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A strict reader of JSON (RFC 8259): a name stands once in an object, surrogates come in pairs,
 * whole numbers fit a long, others a double, and nothing follows the value.
 */
final class JsonParser {
  private static final int MOST_DEPTH = 64;
  // A value of two characters becomes an object of some fifty bytes.
  private static final int MOST_VALUES = 1_000_000;

  private final String text;
  private int at;
  private int values;

  JsonParser(String text) {
    this.text = text;
  }

  Json parse() {
    Json value = value(0);
    space();
    if (at < text.length()) {
      throw wrong(at, "something follows the end: " + seen(at));
    }
    return value;
  }

  private Json value(int depth) {
    if (depth > MOST_DEPTH) {
      throw wrong(at, "more than " + MOST_DEPTH + " arrays and objects inside each other");
    }
    if (++values > MOST_VALUES) {
      throw wrong(at, "more than " + MOST_VALUES + " values");
    }
    space();
    if (at == text.length()) {
      throw wrong(at, "the text ends where a value should stand");
    }
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> members(depth);
      case '[' -> items(depth);
      case '"' -> new Json.Text(string());
      case 't' -> word("true", new Json.Truth(true));
      case 'f' -> word("false", new Json.Truth(false));
      case 'n' -> word("null", new Json.Nothing());
      default -> number();
    };
  }

  private Json members(int depth) {
    Map<String, Json> members = new LinkedHashMap<>();
    at++;
    space();
    if (take('}')) {
      return new Json.Members(members);
    }
    do {
      space();
      int start = at;
      if (at == text.length() || text.charAt(at) != '"') {
        throw wrong(at, "a name in quotes should stand here, not " + seen(at));
      }
      String name = string();
      space();
      need(':');
      Json value = value(depth + 1);
      if (members.putIfAbsent(name, value) != null) {
        throw wrong(start, "the name \"" + Names.brief(name) + "\" stands twice in one object");
      }
      space();
    } while (take(','));
    need('}');
    return new Json.Members(members);
  }

  private Json items(int depth) {
    List<Json> items = new ArrayList<>();
    at++;
    space();
    if (take(']')) {
      return new Json.Items(items);
    }
    do {
      items.add(value(depth + 1));
      space();
    } while (take(','));
    need(']');
    return new Json.Items(items);
  }

  private Json word(String word, Json value) {
    if (!text.startsWith(word, at)) {
      throw wrong(at, "a value should stand here, not " + seen(at));
    }
    at += word.length();
    return value;
  }

  private Json number() {
    int start = at;
    take('-');
    int whole = at;
    digits(start);
    if (text.charAt(whole) == '0' && at > whole + 1) {
      throw wrong(start, "a number starts with a needless 0");
    }
    boolean decimal = false;
    if (take('.')) {
      digits(start);
      decimal = true;
    }
    if (take('e') || take('E')) {
      if (!take('-')) {
        take('+');
      }
      digits(start);
      decimal = true;
    }
    String number = text.substring(start, at);
    if (!decimal) {
      try {
        return new Json.Whole(Long.parseLong(number));
      } catch (NumberFormatException e) {
        throw wrong(start, "a whole number lies beyond 64 bits");
      }
    }
    double value = Double.parseDouble(number);
    if (Double.isInfinite(value)) {
      throw wrong(start, "a number lies beyond the range of double");
    }
    return new Json.Decimal(value);
  }

  private void digits(int start) {
    int first = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == first) {
      throw first == start
          ? wrong(at, "a value should stand here, not " + seen(at))
          : wrong(at, "a digit should stand here, not " + seen(at));
    }
  }

  private String string() {
    int start = at++;
    StringBuilder out = new StringBuilder();
    while (true) {
      if (at == text.length()) {
        throw wrong(start, "a string does not end");
      }
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        break;
      }
      if (c < 0x20) {
        throw wrong(at, "a string holds a control character that is not escaped");
      }
      if (c == '\\') {
        escape(out);
      } else {
        out.append(c);
        at++;
      }
    }
    for (int i = 0; i < out.length(); i++) {
      if (Character.isHighSurrogate(out.charAt(i))
          && i + 1 < out.length()
          && Character.isLowSurrogate(out.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(out.charAt(i))) {
        throw wrong(start, "a string holds half of a surrogate pair");
      }
    }
    return out.toString();
  }

  private void escape(StringBuilder out) {
    int start = at++;
    char c = at < text.length() ? text.charAt(at++) : ' ';
    switch (c) {
      case '"', '\\', '/' -> out.append(c);
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          char h = at < text.length() ? text.charAt(at) : ' ';
          // Character.digit takes digits of other scripts too.
          int digit = h < 0x80 ? Character.digit(h, 16) : -1;
          if (digit < 0) {
            throw wrong(start, "\\u needs four hexadecimal digits");
          }
          code = code * 16 + digit;
          at++;
        }
        out.append((char) code);
      }
      default -> throw wrong(start, "a backslash starts no escape that JSON knows");
    }
  }

  private void space() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    boolean here = at < text.length() && text.charAt(at) == c;
    at += here ? 1 : 0;
    return here;
  }

  private void need(char c) {
    if (!take(c)) {
      throw wrong(at, "'" + c + "' should stand here, not " + seen(at));
    }
  }

  private String seen(int offset) {
    if (offset >= text.length()) {
      return "the end";
    }
    char c = text.charAt(offset);
    return c > 0x20 && c < 0x7f ? "'" + c + "'" : String.format(Locale.ROOT, "U+%04X", (int) c);
  }

  private static FormatException wrong(int offset, String what) {
    return new FormatException("JSON is wrong at character " + offset + ": " + what);
  }
}
