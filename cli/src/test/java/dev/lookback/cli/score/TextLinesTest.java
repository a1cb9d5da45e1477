package dev.lookback.cli.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every byte is in a line, and no line is longer than it may be. */
class TextLinesTest {
  private static TextLines of(String text) {
    return of(text, false);
  }

  private static TextLines of(String text, boolean keepsReturns) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new TextLines(new ByteArrayInputStream(bytes), keepsReturns);
  }

  private static List<String> all(TextLines lines) throws IOException {
    List<String> all = new ArrayList<>();
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      all.add(line.get());
    }
    return all;
  }

  @Test
  void linesEndWithLineFeedsAndTheLastNeedsNone() throws IOException {
    assertThat(all(of("a\r\n\nb\rc\nd"))).containsExactly("a", "", "b\rc", "d");
    assertThat(all(of("a\r\n\nb\rc\nd", true))).containsExactly("a\r", "", "b\rc", "d");
    assertThat(all(of("a\n"))).containsExactly("a");
    assertThat(all(of(""))).isEmpty();
    assertThat(all(of("\uFEFFa\n\uFEFFb\n"))).containsExactly("a", "\uFEFFb");
  }

  @Test
  void aLineWithoutAnEndIsCutBetweenCharacters() throws IOException {
    for (int shift = 0; shift < 4; shift++) {
      String text = "x".repeat(shift) + "\uD83D\uDE00".repeat(TextLines.MOST_BYTES / 2);
      TextLines lines = of(text + "\nb");
      List<String> all = all(lines);
      // Not as strings: a failure would print megabytes.
      assertThat(String.join("", all).equals(text + "b")).isTrue();
      assertThat(all.size()).isEqualTo(3);
      assertThat(lines.cut()).isEqualTo(1);
      assertThat(lines.damaged()).isZero();
    }
  }
}
