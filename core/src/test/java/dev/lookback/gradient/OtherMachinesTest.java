package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.gradient.CellCase.Kind;
import dev.lookback.math.Team;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The same bits in other virtual machines: interpreted, compiled by either compiler, at other
 * vector widths, and without vectors.
 */
class OtherMachinesTest {
  private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");
  // Enough for the optimising compiler to have had the products, and to have had every loop.
  private static final int HOT = 300;
  private static final int HOTTEST = 2000;

  @Test
  void everyMachineComputesTheSameBits() throws Exception {
    List<String> expected = Child.run(1, VECTORS).bits();
    assertThat(expected).hasSize(2 * Kind.values().length).doesNotHaveDuplicates();

    assertThat(Child.run(HOTTEST, VECTORS).bits()).as("compiled").isEqualTo(expected);
    for (String flag :
        List.of(
            "-Xint",
            "-XX:TieredStopAtLevel=1",
            "-XX:-TieredCompilation",
            "-XX:MaxVectorSize=32",
            "-XX:MaxVectorSize=64")) {
      assertThat(Child.run(1, VECTORS, flag).bits()).as(flag).isEqualTo(expected);
    }
    Child narrow = Child.run(HOT, VECTORS, "-XX:MaxVectorSize=16");
    assertThat(narrow.kernels()).isEqualTo("128-bit SIMD");
    assertThat(narrow.bits()).isEqualTo(expected);
    Child scalar = Child.run(HOT, List.of());
    assertThat(scalar.kernels()).isEqualTo("scalar");
    assertThat(scalar.bits()).isEqualTo(expected);
    assertThat(Child.run(1, List.of(), "-Xint").bits()).isEqualTo(expected);
    for (List<String> modules : List.of(VECTORS, List.<String>of())) {
      Child unfused = Child.run(1, modules, "-XX:-UseFMA");
      assertThat(unfused.kernels()).isEqualTo("scalar, fused multiply-add in software");
      assertThat(unfused.bits()).isEqualTo(expected);
    }
  }

  /** What a {@link Fingerprint} in a virtual machine of its own has printed. */
  private record Child(String kernels, List<String> bits) {

    static Child run(int times, List<String> modules, String... flags)
        throws IOException, InterruptedException, URISyntaxException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-XX:+UseSerialGC");
      command.addAll(modules);
      command.addAll(List.of(flags));
      command.add("-cp");
      command.add(home(Team.class) + File.pathSeparator + home(Fingerprint.class));
      command.add(Fingerprint.class.getName());
      command.add(Integer.toString(times));
      ProcessBuilder builder = new ProcessBuilder(command);
      // What tells this virtual machine something may not fit that one.
      builder
          .environment()
          .keySet()
          .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
      Process process = builder.redirectErrorStream(true).start();
      List<String> lines =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      assertThat(process.waitFor()).as("%s printed %s", command, lines).isZero();
      return new Child(
          starting(Fingerprint.KERNELS, lines).get(0), starting(Fingerprint.BITS, lines));
    }

    // Among our lines may be the virtual machine's warnings.
    private static List<String> starting(String with, List<String> lines) {
      return lines.stream()
          .filter(line -> line.startsWith(with))
          .map(line -> line.substring(with.length()))
          .toList();
    }

    private static Path home(Class<?> type) throws URISyntaxException {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
  }
}
