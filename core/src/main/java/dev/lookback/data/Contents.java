package dev.lookback.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a file is by its first bytes, where it is no plain text, whatever its name says.
 *
 * @param name what it is called in a message
 * @param remedy how its text can be had, as a sentence without its full stop
 */
record Contents(String name, String remedy) {
  private static final int SNIFFED = 8192;
  private static final int TAR_MAGIC_AT = 257;

  private static final String NO_TEXT = "Pass a text file in UTF-8";

  /** The first bytes of a format. */
  private record Magic(String bytes, Contents contents) {
    Magic(String bytes, String name, String remedy) {
      this(bytes, new Contents(name, remedy));
    }

    boolean begins(String head) {
      return head.startsWith(bytes);
    }

    boolean mayBegin(String head) {
      return bytes.startsWith(head);
    }
  }

  private static final String GZIP = "\u001f\u008b";
  private static final String ZIP = "PK\u0003\u0004";

  // Longer ones first: UTF-32's mark begins as UTF-16's does.
  private static final List<Magic> MAGICS =
      List.of(
          new Magic("\u00ff\u00fe\0\0", "text in UTF-32", convert("UTF-32")),
          new Magic("\0\0\u00fe\u00ff", "text in UTF-32", convert("UTF-32")),
          new Magic("\u00ff\u00fe", "text in UTF-16", convert("UTF-16")),
          new Magic("\u00fe\u00ff", "text in UTF-16", convert("UTF-16")),
          new Magic("%PDF-", "a PDF document", "Take its text out (pdftotext) and pass that"),
          new Magic("{\\rtf", "a document in RTF", "Save it as plain text in UTF-8 and pass that"),
          new Magic(
              "\u00d0\u00cf\u0011\u00e0",
              "a document of an office program",
              "Save it as plain text in UTF-8 and pass that"),
          new Magic("BZh", "compressed by bzip2", unpack("bunzip2")),
          new Magic("\u00fd7zXZ\0", "compressed by xz", unpack("unxz")),
          new Magic("(\u00b5/\u00fd", "compressed by zstd", unpack("unzstd")),
          new Magic("7z\u00bc\u00af'\u001c", "a 7z archive", unpack("7z x")),
          new Magic("Rar!\u001a", "a RAR archive", unpack("unrar x")),
          new Magic("\u0089PNG", "a PNG picture", NO_TEXT),
          new Magic("\u00ff\u00d8\u00ff", "a JPEG picture", NO_TEXT),
          new Magic("PAR1", "a Parquet table", NO_TEXT),
          new Magic("SQLite format 3", "an SQLite database", NO_TEXT),
          new Magic("\u007fELF", "a program", NO_TEXT));

  private static String convert(String from) {
    return "Convert it to UTF-8 (iconv -f " + from + " -t UTF-8) and pass that";
  }

  private static String unpack(String by) {
    return "Unpack it (" + by + ") and pass the file or folder that comes out";
  }

  /**
   * The text of a stream, out of gzip where it is compressed so.
   *
   * @throws DataException if the stream is of a known format that is no plain text
   */
  static InputStream text(String name, InputStream in) throws IOException {
    Head first = Head.of(in, false);
    Head head = first.isZip() || first.bytes.indexOf(0) >= 0 ? Head.of(first.whole(), true) : first;
    if (!head.isGzip()) {
      head.contents().ifPresent(found -> found.refuse(name));
      return head.whole();
    }
    Head inside = Head.of(Gzip.unpacking(head.whole()), true);
    inside.packed().ifPresent(found -> found.refuse(name));
    return inside.whole();
  }

  /** Why a file is not read with its folder; empty where it is text. */
  static String reasonToSkip(InputStream in) throws IOException {
    Head head = Head.of(in, true);
    Optional<Contents> found = head.contents();
    if (head.isGzip()) {
      head = Head.of(Gzip.unpacking(head.whole()), true);
      found = head.packed();
    }
    if (found.isPresent()) {
      return found.get().name() + ". " + found.get().remedy();
    }
    return head.bytes.isEmpty() ? "empty" : head.bytes.indexOf(0) >= 0 ? "binary" : "";
  }

  private void refuse(String file) {
    throw new DataException(file + " is " + name + ", not plain text. " + remedy + ".");
  }

  /**
   * The first bytes, each a character, and the stream with them.
   *
   * @param bytes the first
   * @param whole the stream from its first byte on
   */
  private record Head(String bytes, InputStream whole) {

    // A pipe may have no more for now: it is read on only while a format may have begun, or where
    // that is needed to name what it is.
    static Head of(InputStream in, boolean toTheEnd) throws IOException {
      byte[] buffer = new byte[SNIFFED];
      int read = 0;
      String head = "";
      while (read < SNIFFED && (toTheEnd || mayBeMore(head))) {
        int n = in.read(buffer, read, SNIFFED - read);
        if (n < 0) {
          break;
        }
        read += n;
        head = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
      }
      InputStream first = new ByteArrayInputStream(buffer, 0, read);
      return new Head(head, new SequenceInputStream(first, in));
    }

    private static boolean mayBeMore(String head) {
      return GZIP.startsWith(head)
          || ZIP.startsWith(head)
          || MAGICS.stream().anyMatch(magic -> magic.mayBegin(head));
    }

    boolean isGzip() {
      return bytes.startsWith(GZIP);
    }

    boolean isZip() {
      return bytes.startsWith(ZIP);
    }

    // What came out of gzip.
    Optional<Contents> packed() {
      Optional<Contents> found =
          isGzip() ? Optional.of(new Contents("compressed", unpack("gunzip"))) : contents();
      return found.map(c -> new Contents(c.name() + " within gzip", c.remedy()));
    }

    Optional<Contents> contents() {
      if (isZip()) {
        return Optional.of(archive());
      } else if (bytes.startsWith("ustar", TAR_MAGIC_AT)) {
        return Optional.of(new Contents("a tar archive", unpack("tar xf")));
      }
      return MAGICS.stream()
          .filter(magic -> magic.begins(bytes))
          .map(Magic::contents)
          .findFirst()
          .or(this::withoutMark);
    }

    // Names of what is inside stand in clear among the first bytes.
    private Contents archive() {
      String save = "Save it as plain text in UTF-8 and pass that";
      if (bytes.contains("word/") || bytes.contains("[Content_Types].xml")) {
        String kind = bytes.contains("xl/") ? "xlsx" : bytes.contains("ppt/") ? "pptx" : "docx";
        return new Contents("an office document (" + kind + ")", save);
      } else if (bytes.contains("opendocument")) {
        return new Contents("an office document (OpenDocument)", save);
      } else if (bytes.contains("epub")) {
        return new Contents("an e-book (EPUB)", save);
      }
      return new Contents("a zip archive", unpack("unzip"));
    }

    // Latin letters in UTF-16 are every other byte of nothing.
    private Optional<Contents> withoutMark() {
      int pairs = Math.min(bytes.length(), SNIFFED) / 2;
      int high = 0;
      int low = 0;
      for (int i = 0; i < pairs; i++) {
        boolean first = bytes.charAt(2 * i) == 0;
        boolean second = bytes.charAt(2 * i + 1) == 0;
        high += first && !second ? 1 : 0;
        low += second && !first ? 1 : 0;
      }
      if (pairs < 2 || Math.max(high, low) < 0.7 * pairs || Math.min(high, low) > 0.05 * pairs) {
        return Optional.empty();
      }
      String from = high > low ? "UTF-16BE" : "UTF-16LE";
      return Optional.of(new Contents("text in " + from, convert(from)));
    }
  }
}
