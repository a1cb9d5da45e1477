package dev.lookback.cli;

import dev.lookback.format.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file that a person asked for: whole, or as it was before. */
final class OutputFile {
  private OutputFile() {}

  static void write(Path file, String content) {
    try {
      AtomicFile.write(file, stream -> stream.write(content.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw Failure.running(file + " could not be written: " + e.getMessage(), e);
    }
  }
}
