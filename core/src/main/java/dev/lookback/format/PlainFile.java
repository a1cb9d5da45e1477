package dev.lookback.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens files whose bytes are there to be read. */
final class PlainFile {
  private PlainFile() {}

  /**
   * Opens one to read.
   *
   * @param remedy what to do about a folder, as the rest of a sentence; empty for nothing
   * @throws IOException with the reason if it is no plain file
   */
  static FileChannel open(Path file, String remedy) throws IOException {
    // Before it is opened: a pipe would wait for its writer.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(
          Files.isDirectory(file) ? "it is a folder" + remedy : "it is no plain file");
    }
    return FileChannel.open(file, StandardOpenOption.READ);
  }
}
