package dev.lookback.cli.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private static final Path HOME = Path.of("/home/ada");

  private static Path cache(String system, Map<String, String> environment) {
    return Places.of(Optional.empty(), environment, system, HOME).cache();
  }

  @Test
  void theCacheIsWhereEachSystemKeepsCaches() {
    assertThat(cache("Linux", Map.of())).isEqualTo(HOME.resolve(".cache/lookback"));
    assertThat(cache("Linux", Map.of("XDG_CACHE_HOME", "/var/ada")))
        .isEqualTo(Path.of("/var/ada/lookback"));
    assertThat(cache("Linux", Map.of("XDG_CACHE_HOME", "relative")))
        .isEqualTo(HOME.resolve(".cache/lookback"));
    assertThat(cache("Mac OS X", Map.of("XDG_CACHE_HOME", "/var/ada")))
        .isEqualTo(HOME.resolve("Library/Caches/lookback"));
    assertThat(cache("Windows 11", Map.of("LOCALAPPDATA", "/local")))
        .isEqualTo(Path.of("/local/lookback"));
    assertThat(cache("Windows 11", Map.of())).isEqualTo(HOME.resolve("AppData/Local/lookback"));
  }

  @Test
  void theOptionComesBeforeTheVariable() {
    Optional<Path> option = Optional.of(Path.of("option"));
    Map<String, String> environment = Map.of("LOOKBACK_DATA", "variable");
    assertThat(Places.of(option, environment, "Linux", HOME).named())
        .containsExactly(Path.of("option"), Path.of("variable"));
    assertThat(Places.of(Optional.empty(), Map.of("LOOKBACK_DATA", " "), "Linux", HOME).named())
        .isEmpty();
  }
}
