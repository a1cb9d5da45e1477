package dev.lookback.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

  private static String decode(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    Utf8.decode("notes.txt", new ByteArrayInputStream(bytes), text::appendCodePoint, () -> false);
    return text.toString();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  @Test
  void everyCodePointComesBack() {
    int[] all =
        IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .toArray();
    String text = new String(all, 0, all.length);
    assertThat(decode(text.getBytes(StandardCharsets.UTF_8)).equals(text)).isTrue();
  }

  @Test
  void aByteOrderMarkAtTheStartIsDropped() {
    assertThat(decode("\uFEFFab\uFEFF".getBytes(StandardCharsets.UTF_8))).isEqualTo("ab\uFEFF");
  }

  @ParameterizedTest
  @CsvSource({
    "610A9F62, 0x9F, 2, 2", // a continuation on its own
    "63E92061, 0xE9, 1, 1", // LATIN1's e acute before a space
    "61C080, 0xC0, 1, 1", // overlong
    "E08080, 0xE0, 0, 1", // overlong in three
    "F0808080, 0xF0, 0, 1", // overlong in four
    "EDA080, 0xED, 0, 1", // a surrogate
    "F4908080, 0xF4, 0, 1", // above U+10FFFF
    "F5808080, 0xF5, 0, 1"
  })
  void aMalformedByteIsNamedWithItsPlace(String bytes, String found, int offset, int line) {
    assertThatThrownBy(() -> decode(hex(bytes)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "notes.txt: byte %s at offset %d (line %d) is not valid UTF-8. Convert the file to"
                + " UTF-8 (iconv -f LATIN1 -t UTF-8) or pass another file.",
            found, offset, line);
  }

  @Test
  void aTextThatEndsWithinACharacterIsNotTakenAsWhole() {
    assertThatThrownBy(() -> decode(hex("61F09F98")))
        .hasMessageContaining("the text ends within the character begun by byte 0xF0 at offset 1")
        .hasMessageContaining("Pass the whole file.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FFFE6100", "FEFF0061"})
  void utf16WithAMarkIsRecognised(String bytes) {
    assertThatThrownBy(() -> decode(hex(bytes)))
        .hasMessageContaining("is not valid UTF-8")
        .hasMessageContaining("iconv -f UTF-16 -t UTF-8");
  }

  @Test
  void aBinaryFileIsRefused() {
    assertThatThrownBy(() -> decode(hex("7F454C4600")))
        .hasMessageStartingWith("notes.txt: byte 0x00 at offset 4 does not occur in text")
        .hasMessageContaining("binary or UTF-16");
  }

  @Test
  void aFailingStreamSaysHowFarItCame() {
    InputStream failing =
        new InputStream() {
          private boolean given;

          @Override
          public int read() throws IOException {
            if (given) {
              throw new IOException("the disk is gone");
            }
            given = true;
            return 'a';
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            into[offset] = (byte) read();
            return 1;
          }
        };
    assertThatThrownBy(() -> Utf8.decode("notes.txt", failing, c -> {}, () -> false))
        .hasMessage(
            "notes.txt: reading failed after 1 bytes (the disk is gone). Check the file or pass"
                + " another one.");
  }
}
