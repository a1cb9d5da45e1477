package dev.lookback.cli.damage;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Texts such as JSON whose words are other than they should be; most are well-formed still. */
final class TextDamage {
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]{1,40}(?:\\.[0-9]{1,40})?(?:[eE][-+]?[0-9]{1,5})?");
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.){0,200}\"");
  private static final Pattern MEMBER =
      Pattern.compile(STRING + "\\s*:\\s*(?:[^\\[\\]{},\"]+|" + STRING + "|\\[[^\\[\\]]{0,200}])");
  private static final Pattern SIGN = Pattern.compile("[\\[\\]{}:,]");
  private static final Pattern WORD = Pattern.compile("\\b[A-Za-z_][A-Za-z_0-9]{0,50}\\b");

  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "0.5",
    "1.0",
    "1e2",
    "00",
    "255",
    "65536",
    "2147483646",
    "2147483647", // 2^31 - 1
    "2147483648",
    "-2147483648",
    "4294967295",
    "4294967296", // 2^32
    "1125899906842624", // a petabyte
    "4611686018427387904", // 2^62
    "9223372036854775807", // 2^63 - 1
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551615", // 2^64 - 1
    "18446744073709551616",
    "1e308",
    "1e309",
    "-1e309",
    "1e-400",
    "1e1000000000",
    "NaN",
    "Infinity",
    "-Infinity",
    "0x10",
    "+1",
    ".5",
    "1.",
    "9".repeat(400),
    "null",
    "true",
    "\"1\"",
    "[]",
    "{}",
    "",
  };

  private static final String[] STRINGS = {
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\u12\"",
    "\"\\x\"",
    "\"\\u001b[2J\"",
    "\"\n\"",
    "\"__metadata__\"",
    "\"F16\"",
    "\"BF16\"",
    "\"F64\"",
    "\"I32\"",
    "\"I64\"",
    "\"BOOL\"",
    "\"U64\"",
    "\"lookback.cell\"",
    "\"elman\"",
    "\"gru\"",
    "\"lstm\"",
    "\"../../x\"",
    "\"/\"",
    "\"" + "long ".repeat(3000) + "\"",
    "\"\u20ac\ud83d\ude00\"",
    "\"",
    "null",
    "0",
    "[]",
    "{}",
    "[1,2]",
    "{\"a\":{\"a\":1}}",
  };

  private static final int[] DEPTHS = {2, 63, 64, 65, 300, 100_000};

  private TextDamage() {}

  static byte[] to(byte[] bytes, Random random) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String damaged =
        switch (random.nextInt(12)) {
          case 0, 1, 2, 3 -> other(text, NUMBER, NUMBERS[random.nextInt(NUMBERS.length)], random);
          case 4, 5 -> other(text, STRING, STRINGS[random.nextInt(STRINGS.length)], random);
          case 6 -> swap(text, random.nextBoolean() ? NUMBER : STRING, random);
          case 7 -> twice(text, random);
          case 8 -> other(text, MEMBER, "", random);
          case 9 ->
              other(text, SIGN, "[]{}:,".substring(random.nextInt(6)).substring(0, 1), random);
          case 10 -> other(text, WORD, random.nextBoolean() ? "false" : "null", random);
          default -> other(text, random.nextBoolean() ? NUMBER : STRING, nested(random), random);
        };
    return damaged.getBytes(StandardCharsets.UTF_8);
  }

  private static String nested(Random random) {
    int depth = DEPTHS[random.nextInt(DEPTHS.length)];
    return switch (random.nextInt(4)) {
      case 0 -> "[".repeat(depth);
      case 1 -> "[".repeat(depth) + "]".repeat(depth);
      case 2 -> "{\"a\":".repeat(depth);
      default -> "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    };
  }

  private static List<MatchResult> all(String text, Pattern pattern) {
    return pattern.matcher(text).results().toList();
  }

  private static String other(String text, Pattern pattern, String instead, Random random) {
    List<MatchResult> found = all(text, pattern);
    if (found.isEmpty()) {
      return text + instead;
    }
    MatchResult one = found.get(random.nextInt(found.size()));
    return text.substring(0, one.start()) + instead + text.substring(one.end());
  }

  private static String swap(String text, Pattern pattern, Random random) {
    List<MatchResult> found = new ArrayList<>(all(text, pattern));
    if (found.size() < 2) {
      return text + text;
    }
    MatchResult a = found.remove(random.nextInt(found.size()));
    MatchResult b = found.get(random.nextInt(found.size()));
    MatchResult first = a.start() < b.start() ? a : b;
    MatchResult second = first == a ? b : a;
    return text.substring(0, first.start())
        + second.group()
        + text.substring(first.end(), second.start())
        + first.group()
        + text.substring(second.end());
  }

  // A name that stands twice; in a text without names, a line that does.
  private static String twice(String text, Random random) {
    List<MatchResult> found = all(text, MEMBER);
    if (found.isEmpty()) {
      return text + text;
    }
    MatchResult one = found.get(random.nextInt(found.size()));
    return text.substring(0, one.end()) + "," + one.group() + text.substring(one.end());
  }
}
