package dev.lookback.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** An input or output failure in a person's words: the JDK's messages are often just a path. */
final class Reasons {
  private Reasons() {}

  static String of(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission to read it";
    }
    if (e instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
  }
}
