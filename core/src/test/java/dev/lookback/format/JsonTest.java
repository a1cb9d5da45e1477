package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void readsEveryKindOfValue() {
    Json json = Json.parse(" {\"a\" : [1, -0, -2.5e1, true, false, null, \"x\", {}, []]}\r\n\t ");
    assertThat(((Json.Members) json).values().get("a"))
        .isEqualTo(
            new Json.Items(
                List.of(
                    new Json.Whole(1),
                    new Json.Whole(0),
                    new Json.Decimal(-25),
                    new Json.Truth(true),
                    new Json.Truth(false),
                    new Json.Nothing(),
                    new Json.Text("x"),
                    new Json.Members(java.util.Map.of()),
                    new Json.Items(List.of()))));
  }

  @Test
  void readsNumbersToTheirLimits() {
    assertThat(Json.parse("9223372036854775807")).isEqualTo(new Json.Whole(Long.MAX_VALUE));
    assertThat(Json.parse("-9223372036854775808")).isEqualTo(new Json.Whole(Long.MIN_VALUE));
    assertThat(Json.parse("1E2")).isEqualTo(new Json.Decimal(100));
    assertThat(Json.parse("0.1e+1")).isEqualTo(new Json.Decimal(1));
    assertThat(Json.parse("4.9e-324")).isEqualTo(new Json.Decimal(Double.MIN_VALUE));
  }

  @Test
  void readsEscapes() {
    assertThat(Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ude00😀\""))
        .isEqualTo(new Json.Text("\"\\/\b\f\n\r\té😀😀"));
  }

  @Test
  void membersKeepTheirOrder() {
    assertThat(((Json.Members) Json.parse("{\"z\":1,\"a\":2,\"m\":3}")).values().keySet())
        .containsExactly("z", "a", "m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{| 1 | a name in quotes should stand here, not the end",
        "{\"a\":1,}| 7 | a name in quotes should stand here, not '}'",
        "{\"a\":1,\"a\":2}| 7 | the name \"a\" stands twice in one object",
        "{\"a\":1,\"\\u0061\":2}| 7 | the name \"a\" stands twice in one object",
        "{\"a\" 1}| 5 | ':' should stand here, not '1'",
        "{a:1}| 1 | a name in quotes should stand here, not 'a'",
        "[1 2]| 3 | ']' should stand here, not '2'",
        "[1,]| 3 | a value should stand here, not ']'",
        "{} x| 3 | something follows the end: 'x'",
        "nul| 0 | a value should stand here, not 'n'",
        "NaN| 0 | a value should stand here, not 'N'",
        "+1| 0 | a value should stand here, not '+'",
        "-| 1 | a digit should stand here, not the end",
        "01| 0 | a number starts with a needless 0",
        "-00| 0 | a number starts with a needless 0",
        "1.| 2 | a digit should stand here, not the end",
        ".5| 0 | a value should stand here, not '.'",
        "1e| 2 | a digit should stand here, not the end",
        "1e+x| 3 | a digit should stand here, not 'x'",
        "0x10| 1 | something follows the end: 'x'",
        "9223372036854775808| 0 | a whole number lies beyond 64 bits",
        "1e999| 0 | a number lies beyond the range of double",
        "\"abc| 0 | a string does not end",
        "\"abc\\| 4 | a backslash starts no escape that JSON knows",
        "\"\\x\"| 1 | a backslash starts no escape that JSON knows",
        "\"\\u12g4\"| 1 | \\u needs four hexadecimal digits",
        "\"\\u12\"| 1 | \\u needs four hexadecimal digits",
        "\"\\ud83d\"| 0 | a string holds half of a surrogate pair",
        "\"\\ude00\\ud83d\"| 0 | a string holds half of a surrogate pair",
      })
  void refusesWithTheOffset(String text, int offset, String message) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(FormatException.class)
        .hasMessage("JSON is wrong at character " + offset + ": " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\uFEFF{}", "'a'", "\"a\nb\"", "\"a\u0000\"", "{}\0", "// x\n1"})
  void refusesWhatOthersLetPass(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(FormatException.class);
  }

  @Test
  void depthAndSizeAreBounded() {
    assertThat(Json.parse("[".repeat(65) + "]".repeat(65))).isNotNull();
    assertThatThrownBy(() -> Json.parse("[".repeat(1_000_000)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("more than 64 arrays and objects inside each other");
    assertThatThrownBy(() -> Json.parse("[" + "1,".repeat(1_000_001) + "1]"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("more than 1000000 values");
  }

  @Test
  void whatIsQuotedIsReadBack() {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c < 0xD800; c++) {
      all.append((char) c);
    }
    all.append("\uE000\uFFFF").appendCodePoint(0x10000).appendCodePoint(0x10FFFF);
    StringBuilder quoted = new StringBuilder();
    Json.quote(all.toString(), quoted);
    assertThat(Json.parse(quoted.toString())).isEqualTo(new Json.Text(all.toString()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0xD800, 0xDFFF})
  void halfASurrogatePairIsNotWritten(int half) {
    assertThatThrownBy(() -> Json.quote("a" + (char) half + "b", new StringBuilder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a string holds half of a surrogate pair at character 1 and cannot be written");
  }
}
