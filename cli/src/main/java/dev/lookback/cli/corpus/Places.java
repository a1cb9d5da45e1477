package dev.lookback.cli.corpus;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folders in which a built-in corpus' file is looked up.
 *
 * @param dataDir {@code --data-dir}
 * @param dataVariable the environment variable {@code LOOKBACK_DATA}
 * @param cache where downloads are kept
 */
public record Places(Optional<Path> dataDir, Optional<Path> dataVariable, Path cache) {
  /** The environment variable that names a folder with data. */
  public static final String VARIABLE = "LOOKBACK_DATA";

  /** The places on this machine. */
  public static Places here(Optional<Path> dataDir) {
    return of(
        dataDir,
        System.getenv(),
        System.getProperty("os.name", ""),
        Path.of(System.getProperty("user.home", ".")));
  }

  /**
   * The places on a machine like that: caches are under {@code ~/Library/Caches} on macOS, {@code
   * %LOCALAPPDATA%} on Windows, else {@code $XDG_CACHE_HOME} or {@code ~/.cache}.
   */
  public static Places of(
      Optional<Path> dataDir, Map<String, String> environment, String system, Path home) {
    String name = system.toLowerCase(Locale.ROOT);
    Path caches;
    if (name.startsWith("mac")) {
      caches = home.resolve("Library").resolve("Caches");
    } else if (name.startsWith("windows")) {
      caches = folder(environment, "LOCALAPPDATA").orElse(home.resolve("AppData").resolve("Local"));
    } else {
      // The XDG specification: a relative path there is invalid and to be ignored.
      caches =
          folder(environment, "XDG_CACHE_HOME")
              .filter(path -> path.toString().startsWith("/"))
              .orElse(home.resolve(".cache"));
    }
    return new Places(dataDir, folder(environment, VARIABLE), caches.resolve("lookback"));
  }

  /** The folders that the user named, in the order in which they are looked at. */
  List<Path> named() {
    return Stream.of(dataDir, dataVariable).flatMap(Optional::stream).toList();
  }

  private static Optional<Path> folder(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> !value.isBlank())
        .map(Path::of);
  }
}
