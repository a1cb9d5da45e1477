package dev.lookback.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Says which files and folders within a folder are no text to read, such as a program's output. */
@FunctionalInterface
public interface FolderFilter {

  /** A filter that leaves nothing out. */
  static FolderFilter none() {
    return path -> Optional.empty();
  }

  /**
   * Why a file, or a folder with all that is in it, is left out; empty if it is read.
   *
   * @throws IOException if it cannot be looked into
   */
  Optional<String> reasonToSkip(Path path) throws IOException;
}
