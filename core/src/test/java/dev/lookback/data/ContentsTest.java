package dev.lookback.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.data.TextSource.Skipped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentsTest {
  @TempDir Path folder;

  private static String read(TextSource source) {
    StringBuilder text = new StringBuilder();
    source.read(text::appendCodePoint, () -> false);
    return text.toString();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(String text) throws IOException {
    return gzip(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private TextSource file(byte[] content) throws IOException {
    return TextSource.of(Files.write(folder.resolve("a.txt"), content));
  }

  private void requireRefused(byte[] content, String... said) throws IOException {
    TextSource file = file(content);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(folder.resolve("a.txt").toString())
        .hasMessageContainingAll(said);
    TextSource pipe = Streams.dripping(content, 1);
    assertThatThrownBy(() -> read(pipe)).isInstanceOf(DataException.class);
    Files.writeString(folder.resolve("b.txt"), "text");
    TextSource both = TextSource.of(folder);
    assertThat(read(both)).isEqualTo("text");
    assertThat(both.skipped().get(0).name()).isEqualTo("a.txt");
    assertThat(both.skipped().get(0).reason()).contains(said[0]);
  }

  @Test
  void gzipIsReadFromAFileAFolderAndAPipe() throws IOException {
    byte[] content = gzip("café\nau lait\n");
    assertThat(read(file(content))).isEqualTo("café\nau lait\n");
    assertThat(read(Streams.dripping(content, 1))).isEqualTo("café\nau lait\n");
    Files.writeString(folder.resolve("b.txt"), "text");
    TextSource both = TextSource.of(folder);
    assertThat(read(both)).isEqualTo("café\nau lait\ntext");
    assertThat(both.skipped()).isEmpty();
  }

  @Test
  void partsOfGzipOneAfterTheOtherAreReadToTheEnd() throws IOException {
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    members.writeBytes(gzip("one\n"));
    members.writeBytes(gzip("two\n"));
    assertThat(read(file(members.toByteArray()))).isEqualTo("one\ntwo\n");
  }

  @Test
  void damagedGzipIsNamed() throws IOException {
    byte[] whole = gzip("a text that is long enough to be cut in the middle of it");
    TextSource cut = file(Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> read(cut))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "a.txt cannot be read: it is compressed by gzip but damaged: it ends");
    assertThatThrownBy(() -> read(TextSource.of(folder)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "a.txt cannot be read: it is compressed by gzip but damaged: it ends");
    whole[20] ^= 0x55;
    TextSource changed = file(whole);
    assertThatThrownBy(() -> read(changed))
        .hasMessageContaining("a.txt cannot be read: it is compressed by gzip but damaged: ");
  }

  @Test
  void documentsAndArchivesAreNamedForWhatTheyAre() throws IOException {
    requireRefused(zip("notes.txt"), "a zip archive", "unzip");
    requireRefused(zip("[Content_Types].xml", "word/document.xml"), "document (docx)", "Save it");
    requireRefused(zip("[Content_Types].xml", "xl/workbook.xml"), "document (xlsx)", "Save it");
    requireRefused("%PDF-1.7\n1 0 obj".getBytes(StandardCharsets.UTF_8), "a PDF", "pdftotext");
    requireRefused(gzip(zip("notes.txt")), "a zip archive within gzip", "unzip");
    requireRefused(gzip(gzip("text")), "compressed within gzip", "gunzip");
    byte[] tar = new byte[1024];
    System.arraycopy("notes.txt".getBytes(StandardCharsets.UTF_8), 0, tar, 0, 9);
    System.arraycopy("ustar".getBytes(StandardCharsets.UTF_8), 0, tar, 257, 5);
    requireRefused(tar, "a tar archive", "tar xf");
    requireRefused(gzip(tar), "a tar archive within gzip", "tar xf");
  }

  @ParameterizedTest
  @CsvSource({"UTF-16, UTF-16", "UTF-16LE, UTF-16LE", "UTF-16BE, UTF-16BE", "UTF-32LE, UTF-32"})
  void wideEncodingsAreNamedWithWhatConvertsThem(String encoding, String named) throws IOException {
    String mark = encoding.startsWith("UTF-32") ? "\ufeff" : "";
    byte[] content = (mark + "the slow river counts stones").getBytes(Charset.forName(encoding));
    requireRefused(content, "text in " + named, "iconv -f " + named + " -t UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"P", "PK", "%", "%PDF", "B", "BZ", "{\\r", "R", "Rar", "a", ""})
  void textThatBeginsAsADocumentMayIsText(String text) throws IOException {
    assertThat(read(file(text.getBytes(StandardCharsets.UTF_8)))).isEqualTo(text);
    assertThat(read(Streams.dripping(text, 1))).isEqualTo(text);
  }

  @Test
  void aPipeIsNotAskedForMoreThanItIsReadFor() {
    InputStream open =
        new InputStream() {
          private int given;

          @Override
          public int read() {
            throw new AssertionError("asked byte by byte");
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            assertThat(given++).as("reads of a pipe that has no more").isZero();
            into[offset] = 'a';
            into[offset + 1] = 'b';
            return 2;
          }
        };
    StringBuilder text = new StringBuilder();
    TextSource.stream("pipe", open).read(text::appendCodePoint, () -> text.length() == 2);
    assertThat(text).hasToString("ab");
  }

  @Test
  void aLinkToAFolderStandsForIt() throws IOException {
    Files.createDirectories(folder.resolve("real/sub"));
    Files.writeString(folder.resolve("real/a.txt"), "one\n");
    Files.writeString(folder.resolve("real/sub/b.txt"), "two\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
    TextSource source = TextSource.of(link);
    assertThat(read(source)).isEqualTo("one\ntwo\n");
    assertThat(source.parts().get(0).name()).isEqualTo(link + "/a.txt");
    assertThat(TextSource.of(folder).skipped())
        .containsExactly(new Skipped("link", "link to a folder"));
  }

  @Test
  void aFilterLeavesOutFilesAndFolders() throws IOException {
    Files.createDirectories(folder.resolve("runs/one"));
    Files.writeString(folder.resolve("a.txt"), "text\n");
    Files.writeString(folder.resolve("report.html"), "ours");
    Files.writeString(folder.resolve("runs/one/log.txt"), "ours");
    FolderFilter ours =
        path ->
            path.endsWith("report.html") || path.endsWith("runs/one")
                ? Optional.of("made by us")
                : Optional.empty();
    TextSource source = TextSource.of(folder, ours);
    assertThat(read(source)).isEqualTo("text\n");
    assertThat(source.skipped())
        .containsExactly(
            new Skipped("report.html", "made by us"), new Skipped("runs/one", "made by us"));
    assertThatThrownBy(() -> TextSource.of(folder.resolve("runs/one"), ours))
        .hasMessageContaining("runs/one is made by us, not a text");
  }
}
