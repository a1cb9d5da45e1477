package dev.lookback.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

/** What this process knows of itself. */
public final class Self {
  private Self() {}

  /** Whether a native library whose path contains these characters is in memory. */
  public static boolean maps(String characters) {
    return lines("maps").anyMatch(line -> line.contains(characters));
  }

  /** The version of a Maven artifact on the class path, or "unknown". */
  public static String version(String group, String artifact) {
    String path = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
    try (InputStream in = Self.class.getResourceAsStream(path)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The most memory that was resident at once, in MiB. */
  static int peakResidentMebibytes() {
    return lines("status")
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
            .findFirst()
            .orElse(0)
        / 1024;
  }

  private static Stream<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of("/proc/self", file)).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
