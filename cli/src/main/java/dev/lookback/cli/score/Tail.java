package dev.lookback.cli.score;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A file that others write to, without an end: where it ends for now, a read waits for more. Where
 * the file is replaced or cut short, as logs are when they are rotated, it begins again.
 */
public final class Tail extends InputStream {
  private final Path file;
  private final BooleanSupplier pause;
  private RandomAccessFile open;
  private Optional<Object> key;

  /**
   * From the first byte on.
   *
   * @param file to be read
   * @param pause waits a moment where there is nothing more to read; false: do not wait any more
   */
  public Tail(Path file, BooleanSupplier pause) throws IOException {
    this.file = file;
    this.pause = pause;
    this.open = new RandomAccessFile(file.toFile(), "r");
    this.key = key(file);
  }

  private static Optional<Object> key(Path file) throws IOException {
    return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
  }

  @Override
  public int read(byte[] to, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    int read = open.read(to, from, count);
    while (read < 0) {
      if (!pause.getAsBoolean()) {
        return -1;
      }
      // The rest of what was replaced comes first.
      read = open.read(to, from, count);
      if (read < 0 && isReplaced()) {
        open.close();
        open = new RandomAccessFile(file.toFile(), "r");
        key = key(file);
      } else if (read < 0 && open.length() < open.getFilePointer()) {
        open.seek(0);
      }
    }
    return read;
  }

  // Gone for the moment between the old file's renaming and the new one's first byte: wait.
  private boolean isReplaced() throws IOException {
    return Files.exists(file) && !key(file).equals(key);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
