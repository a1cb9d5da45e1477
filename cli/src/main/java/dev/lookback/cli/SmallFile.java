package dev.lookback.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Reads files that are small if they are what they seem to be, and says what is wrong if not. */
public final class SmallFile {
  private static final int MIB = 1 << 20;

  /** More than any file that people or this program write by hand or as a record. */
  private static final int MOST_MIB = 64;

  private SmallFile() {}

  /**
   * The text of a file or of a pipe that somebody named.
   *
   * @throws IOException with the reason, as a sentence that follows the file's name and a colon
   */
  public static String text(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_MIB * MIB + 1);
    } catch (OutOfMemoryError e) {
      throw new IOException("it does not fit into memory", e);
    }
    if (bytes.length > MOST_MIB * MIB) {
      throw new IOException("it has more than " + MOST_MIB + " MiB");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("it is no text in UTF-8", e);
    }
  }

  /**
   * The text of a file that was found in a folder, where a pipe would be waited for without end.
   *
   * @throws IOException with the reason
   */
  static String found(Path file) throws IOException {
    requirePlain(file);
    return text(file);
  }

  /** Whether something has that name, a link that leads nowhere included. */
  static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Refuses to open what is no plain file, of which some never end and others never begin. */
  static void requirePlain(Path file) throws IOException {
    if (isThere(file) && !Files.isRegularFile(file)) {
      throw new IOException(
          Files.isDirectory(file)
              ? "it is a folder"
              : Files.exists(file) ? "it is no plain file" : "it is a link that leads nowhere");
    }
  }
}
