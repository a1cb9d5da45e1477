package dev.lookback.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What of a run cannot be written for the moment. The training goes on; each thing is told of when
 * it fails first, and when it works again.
 */
final class WriteProblems {
  private final Terminal terminal;
  private final Map<String, String> failing = new LinkedHashMap<>();

  WriteProblems(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Writes something. */
  @FunctionalInterface
  interface Write {
    void run() throws IOException;
  }

  /**
   * Tries to write.
   *
   * @param what is written, as the sentence says that it works again
   * @param complaint in front of the reason, where it fails
   * @param meanwhile how things go on, behind it
   * @return whether it is written
   */
  boolean attempt(String what, String complaint, String meanwhile, Write write) {
    try {
      write.run();
    } catch (IOException | UncheckedIOException | Failure e) {
      String why = complaint + reason(e);
      if (failing.put(what, why) == null) {
        JsonObject fields = new JsonObject();
        fields.addProperty("what", what);
        terminal.warn("not-written", why + ". " + meanwhile, fields);
      }
      return false;
    }
    if (failing.remove(what) != null) {
      JsonObject fields = new JsonObject();
      fields.addProperty("what", what);
      terminal.tell("written-again", what + " can be written again", fields);
    }
    return true;
  }

  /** Why something cannot be written. */
  Optional<String> why(String what) {
    return Optional.ofNullable(failing.get(what));
  }

  /** Why something cannot be done with a file. */
  static String reason(Path file, IOException e) {
    String reason = reason(e);
    return reason.contains(file.toString()) ? reason : file + ": " + reason;
  }

  // The message of some is a bare path.
  private static String reason(Exception e) {
    if (e instanceof NoSuchFileException missing) {
      return "there is no " + missing.getFile();
    } else if (e instanceof AccessDeniedException) {
      return "access is denied";
    } else if (e instanceof DirectoryNotEmptyException) {
      return "it is a folder that is not empty";
    } else if (e instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getReason();
    }
    return String.valueOf(e.getMessage());
  }
}
