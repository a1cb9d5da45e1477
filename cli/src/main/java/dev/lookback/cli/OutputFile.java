package dev.lookback.cli;

import dev.lookback.format.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file that a person asked for: whole, or as it was before.
 *
 * @param path where it goes
 * @param elsewhere how to have it written to another place
 */
record OutputFile(Path path, String elsewhere) {

  /** Writes a whole file, or says in its message which and why not. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path path) throws IOException;
  }

  /** The file that an option names, or one in the folder that it names. */
  static OutputFile of(String option, Path path) {
    return new OutputFile(path, "name another place with " + option);
  }

  /** A file in the folder of a run, which keeps its place once it is there. */
  static OutputFile ofRun(Path path) {
    return new OutputFile(path, "begin a run in another folder with --run");
  }

  void write(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    write(to -> AtomicFile.write(to, stream -> stream.write(bytes)));
  }

  void write(Content content) {
    try {
      content.writeTo(path);
    } catch (IOException e) {
      throw failure(String.valueOf(e.getMessage()), e);
    }
  }

  /** Tells of a file that is written bit by bit. */
  Failure failure(IOException cause) {
    return failure("could not write " + path + ": " + cause.getMessage(), cause);
  }

  private Failure failure(String what, IOException cause) {
    return Failure.running(what + ". Mend that, or " + elsewhere, cause);
  }
}
