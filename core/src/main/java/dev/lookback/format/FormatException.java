package dev.lookback.format;

import java.nio.file.Path;

/** A file that is not what it should be. The message is for the user: what, where, and the need. */
public final class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A complaint in words. */
  public FormatException(String message) {
    super(message);
  }

  private FormatException(String message, FormatException cause) {
    super(message, cause);
  }

  /** The same complaint with the file's name before it. */
  public FormatException in(Path file) {
    String message = String.valueOf(getMessage());
    // A complaint about the file itself goes on as its sentence; others stand for themselves.
    boolean goesOn = message.startsWith("is ") || message.startsWith("has ");
    return new FormatException(file + (goesOn ? " " : ": ") + message, this);
  }
}
