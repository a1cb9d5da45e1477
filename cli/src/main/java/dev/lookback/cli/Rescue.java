package dev.lookback.cli;

import dev.lookback.format.AtomicFile;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Another place for what a run ends with, where its own folder takes nothing any more. */
final class Rescue {
  private static final int MOST = 1000;

  private Rescue() {}

  /**
   * Writes into a new folder, called as the run's with {@code -rescued} behind it, in the working
   * directory, the system's folder of temporary files or the user's own: the first with room.
   *
   * @return the folder; nothing where none of these takes it
   */
  static Optional<Path> write(Path run, Optional<Model> model, Map<String, byte[]> files) {
    for (Path place : places()) {
      try {
        Path folder = create(place, run);
        if (fill(folder, model, files)) {
          return Optional.of(folder);
        }
      } catch (IOException e) {
        // The next one may do.
      }
    }
    return Optional.empty();
  }

  private static List<Path> places() {
    return List.of(
        Path.of(""),
        Path.of(System.getProperty("java.io.tmpdir", "")),
        Path.of(System.getProperty("user.home", "")));
  }

  private static Path create(Path place, Path run) throws IOException {
    Path name = run.toAbsolutePath().normalize().getFileName();
    String begin = (name == null ? "run" : name.toString()) + "-rescued";
    for (int i = 1; i < MOST; i++) {
      Path folder = place.resolve(i == 1 ? begin : begin + "-" + i);
      if (Files.notExists(folder)) {
        return Files.createDirectory(folder);
      }
    }
    throw new IOException("there are too many folders of that name");
  }

  // What does not fit leaves nothing.
  private static boolean fill(Path folder, Optional<Model> model, Map<String, byte[]> files)
      throws IOException {
    try {
      if (model.isPresent()) {
        ModelFile.write(LoadedModel.inside(folder), model.get());
      }
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        AtomicFile.write(folder.resolve(file.getKey()), to -> to.write(file.getValue()));
      }
      return true;
    } catch (IOException e) {
      Files.deleteIfExists(LoadedModel.inside(folder));
      for (String name : files.keySet()) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
      return false;
    }
  }
}
