package dev.lookback.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTest {
  @Test
  void whatATerminalObeysIsAnEscape() {
    assertThat(Visible.of("a\u001b[31m\u0007\u009b\u007f\0"))
        .isEqualTo("a\\u001b[31m\\u0007\\u009b\\u007f\\u0000");
    assertThat(Visible.of("x\u202ey\u2066z\u200f\u061c"))
        .isEqualTo("x\\u202ey\\u2066z\\u200f\\u061c");
    assertThat(Visible.of("\ufeff\u200b\u2028\ud800")).isEqualTo("\\ufeff\\u200b\\u2028\\ud800");
    assertThat(Visible.of(Character.toString(0xe0041))).isEqualTo("\\udb40\\udc41");
    assertThat(Visible.of("a\nb\rc\td")).isEqualTo("a\\nb\\rc\\td");
  }

  @Test
  void linesKeepTheirEndsAndTabs() {
    assertThat(Visible.lines("a\tb\nc\r\u0007")).isEqualTo("a\tb\nc\\r\\u0007");
  }

  @Test
  void lettersOfAnyScriptStay() {
    String text = "naïve 日本語 שלום 👩\u200d🚀 \\ \"";
    assertThat(Visible.of(text)).isEqualTo(text);
    assertThat(Visible.lines(text)).isEqualTo(text);
  }

  @Test
  void whatIsLongIsCutBetweenCharacters() {
    assertThat(Visible.brief("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Visible.brief("abcdefg", 6)).isEqualTo("abcdef...");
    assertThat(Visible.brief("abcde😀g", 6)).isEqualTo("abcde...");
    assertThat(Visible.brief("a\nb", 2)).isEqualTo("a\\n...");
  }
}
