package dev.lookback.data;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * A text to read: one or more parts in a fixed order, each UTF-8, compressed by gzip or not, and
 * what was left out and why.
 *
 * <p>Parts follow each other directly, except that a line end is put behind a part that has none,
 * so that words of two files do not run together. Nothing is opened before it is read.
 *
 * @param name what messages call it
 * @param parts what is read, in order
 * @param skipped what was found but is not read; show it to the user
 */
public record TextSource(String name, List<Part> parts, List<Skipped> skipped) {

  /**
   * A piece of the text.
   *
   * @param name what messages call it
   * @param opener opens its bytes, compressed or not
   */
  public record Part(String name, Opener opener) {

    /**
     * Opens its text, unpacked where it is compressed by gzip.
     *
     * @throws DataException if it is of a known format that is no plain text, with how to convert
     *     it
     */
    public InputStream open() throws IOException {
      InputStream in = opener.open();
      try {
        return Contents.text(name, in);
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
    }
  }

  /** Opens bytes to read. */
  @FunctionalInterface
  public interface Opener {
    /** A new stream from the first byte on. */
    InputStream open() throws IOException;
  }

  /**
   * A file that a folder holds but the text does not.
   *
   * @param name its path within the folder
   * @param reason why it was left out
   */
  public record Skipped(String name, String reason) {}

  /** Copies the lists. */
  public TextSource {
    parts = List.copyOf(parts);
    skipped = List.copyOf(skipped);
  }

  /** A file, or all text files of a folder and of those in it. */
  public static TextSource of(Path path) {
    return of(path, FolderFilter.none());
  }

  /** A file, or the text files of a folder and of those in it that a filter does not leave out. */
  public static TextSource of(Path path, FolderFilter filter) {
    return Files.isDirectory(path) ? folder(path, filter) : file(path);
  }

  /** One file. */
  public static TextSource file(Path file) {
    String name = file.toString();
    if (Files.notExists(file)) {
      throw new DataException(
          name + " does not exist. Check the spelling, or pass another file or folder.");
    }
    if (Files.isDirectory(file)) {
      throw new DataException(name + " is a folder but a file is needed.");
    }
    if (!Files.isReadable(file)) {
      throw new DataException(
          name + " cannot be read: no permission. Allow it (chmod u+r) or pass another file.");
    }
    return single(name, () -> Files.newInputStream(file));
  }

  /**
   * The text files of a folder and of the folders in it, in the order of their paths written with
   * {@code /}. Hidden files and folders (a dot first) do not count; binary and empty files,
   * documents and archives, and links to folders are listed in {@link #skipped()}. The folder
   * itself may be a link.
   */
  public static TextSource folder(Path folder) {
    return folder(folder, FolderFilter.none());
  }

  /** The text files of a folder and of those in it that a filter does not leave out. */
  public static TextSource folder(Path folder, FolderFilter filter) {
    return FolderScan.of(folder, filter);
  }

  /** A stream that can be read once, such as standard input. The stream is not closed. */
  public static TextSource stream(String name, InputStream in) {
    return single(name, () -> new Unclosed(in));
  }

  /** A text that is at hand. */
  public static TextSource string(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return single(name, () -> new ByteArrayInputStream(bytes));
  }

  private static TextSource single(String name, Opener opener) {
    return new TextSource(name, List.of(new Part(name, opener)), List.of());
  }

  /** Passes on every character of every part, or as many as are enough. */
  void read(IntConsumer next, BooleanSupplier enough) {
    int last = -1;
    for (Part part : parts) {
      if (enough.getAsBoolean()) {
        return;
      }
      if (last >= 0 && last != '\n') {
        next.accept('\n');
      }
      try (InputStream in = part.open()) {
        int end = Utf8.decode(part.name, in, next, enough);
        last = end >= 0 ? end : '\n';
      } catch (IOException e) {
        throw new DataException(part.name + " cannot be read: " + Reasons.of(e) + ".", e);
      }
    }
  }

  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }
}
