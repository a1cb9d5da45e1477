package dev.lookback.cli;

import java.nio.file.Path;

/** A path in a message, with where it was looked for: the folder one is in may be another. */
final class Place {
  private Place() {}

  static String of(Path path) {
    return path.isAbsolute() ? path.toString() : path + " (" + path.toAbsolutePath() + ")";
  }
}
