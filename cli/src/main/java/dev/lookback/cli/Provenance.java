package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.math.Team;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a run was made, and with what. */
final class Provenance {
  private static final String UNKNOWN = "unknown";

  private Provenance() {}

  /** Adds commit, machine and kernels. */
  static void describe(Team team, JsonObject to) {
    to.addProperty("commit", commit());
    to.addProperty("java_vendor", System.getProperty("java.vendor", UNKNOWN));
    to.addProperty(
        "system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    to.addProperty("architecture", System.getProperty("os.arch"));
    to.addProperty("processor", processor());
    to.addProperty("simd", team.describe());
    to.addProperty("threads", team.size());
  }

  /** Now, in UTC, as ISO 8601. */
  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The commit that was built, with {@code -dirty} behind it where files were changed since. */
  static String commit() {
    try (InputStream in = Provenance.class.getResourceAsStream("commit.txt")) {
      if (in == null) {
        return UNKNOWN;
      }
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
      return text.matches("[0-9a-f]{40}(-dirty)?") ? text : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
      Optional<String> name =
          lines.filter(line -> line.startsWith("model name")).map(Provenance::value).findFirst();
      return name.orElse(UNKNOWN);
    } catch (IOException | RuntimeException e) {
      // Only some systems have that file.
      return UNKNOWN;
    }
  }

  private static String value(String line) {
    return line.substring(line.indexOf(':') + 1).strip();
  }
}
