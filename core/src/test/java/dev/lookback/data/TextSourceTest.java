package dev.lookback.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.data.TextSource.Skipped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TextSourceTest {
  @TempDir Path folder;

  private static String read(TextSource source) {
    StringBuilder text = new StringBuilder();
    source.read(text::appendCodePoint, () -> false);
    return text.toString();
  }

  @Test
  void aFolderIsReadInPathOrderWithHiddenFilesLeftOut() throws IOException {
    Files.writeString(folder.resolve("b.txt"), "two\n");
    Files.writeString(folder.resolve("a.md"), "one");
    Files.createDirectories(folder.resolve("sub/.git"));
    Files.writeString(folder.resolve("sub/c.txt"), "three");
    Files.writeString(folder.resolve("sub/.git/config"), "hidden");
    Files.writeString(folder.resolve(".hidden"), "hidden");

    TextSource source = TextSource.of(folder);

    assertThat(read(source)).isEqualTo("one\ntwo\nthree");
    assertThat(source.skipped()).isEmpty();
  }

  // Names are bytes on Linux: these two are the same once they are decoded.
  @Test
  @EnabledOnOs(OS.LINUX)
  void filesWhoseNamesAreNotUtf8AreAllRead() throws IOException {
    Files.writeString(named("caf%E8.txt"), "one\n");
    Files.writeString(named("caf%E9.txt"), "two\n");
    Files.writeString(named("caf%C3%A9.txt"), "three\n");

    TextSource source = TextSource.of(folder);

    assertThat(read(source)).isEqualTo("one\ntwo\nthree\n");
    assertThat(source.parts().stream().map(TextSource.Part::name))
        .containsExactly(
            folder + "/caf\\xE8.txt", folder + "/caf\\xE9.txt", folder + "/caf\u00e9.txt");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void namesThatDifferByNormalisationOrByASlashForABackslashAreAllRead() throws IOException {
    Files.writeString(named("caf%C3%A9.txt"), "composed\n");
    Files.writeString(named("cafe%CC%81.txt"), "decomposed\n");
    Files.createDirectories(folder.resolve("a"));
    Files.writeString(folder.resolve("a/b.txt"), "in a folder\n");
    Files.writeString(named("a%5Cb.txt"), "beside it\n");

    assertThat(read(TextSource.of(folder)))
        .contains("composed\n", "decomposed\n", "in a folder\n", "beside it\n");
  }

  private Path named(String encoded) {
    return Path.of(URI.create(folder.toUri() + encoded));
  }

  @Test
  void whatAFolderHoldsBesidesTextIsListedWithItsReason() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "text");
    Files.writeString(folder.resolve("empty.txt"), "");
    Files.write(folder.resolve("picture.png"), new byte[] {(byte) 0x89, 'P', 0, 1});

    TextSource source = TextSource.of(folder);

    assertThat(read(source)).isEqualTo("text");
    assertThat(source.skipped())
        .containsExactly(new Skipped("empty.txt", "empty"), new Skipped("picture.png", "binary"));
  }

  @Test
  void aMalformedTextFileInAFolderIsAnErrorNotASkip() throws IOException {
    Files.write(folder.resolve("old.txt"), new byte[] {'c', 'a', 'f', (byte) 0xE9});
    TextSource source = TextSource.of(folder);
    assertThatThrownBy(() -> read(source))
        .hasMessageStartingWith(folder.resolve("old.txt") + ": the text ends within");
  }

  @Test
  void aFolderWithoutTextSaysWhatItFound() throws IOException {
    assertThatThrownBy(() -> TextSource.of(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(
            folder + " holds no text file. Pass a folder with UTF-8 text files, or a file.");
    Files.write(folder.resolve("x.bin"), new byte[] {0});
    Files.write(folder.resolve("y.bin"), new byte[] {0});
    assertThatThrownBy(() -> TextSource.of(folder))
        .hasMessageContaining("(left out: x.bin, binary, and 1 more)");
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("moby.txt");
    assertThatThrownBy(() -> TextSource.of(missing))
        .isInstanceOf(DataException.class)
        .hasMessage(
            missing + " does not exist. Check the spelling, or pass another file or folder.");
  }

  @Test
  void aFolderWhereAFileIsNeededIsNamed() {
    assertThatThrownBy(() -> TextSource.file(folder)).hasMessageContaining("is a folder");
  }

  @Test
  void aFileThatVanishesBeforeItIsReadIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "text");
    TextSource source = TextSource.of(file);
    Files.delete(file);
    assertThatThrownBy(() -> read(source)).hasMessage(file + " cannot be read: it does not exist.");
  }

  @Test
  void standardInputIsLeftOpen() {
    boolean[] closed = {false};
    InputStream in =
        new ByteArrayInputStream(new byte[] {'a'}) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    assertThat(read(TextSource.stream("standard input", in))).isEqualTo("a");
    assertThat(closed[0]).isFalse();
  }

  @Test
  void anEmptyPartAddsNoLine() {
    TextSource a = TextSource.string("a", "x");
    TextSource none = TextSource.string("none", "");
    TextSource all =
        new TextSource(
            "all", List.of(a.parts().get(0), none.parts().get(0), a.parts().get(0)), List.of());
    assertThat(read(all)).isEqualTo("x\nx");
  }
}
