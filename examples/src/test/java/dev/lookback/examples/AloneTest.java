package dev.lookback.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.cell.Lstm;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.StreamPredictor;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library needs no other on its class path, and no module to be added. */
class AloneTest {
  @Test
  void predictsWithNothingBesideIt(@TempDir Path folder) throws Exception {
    Network network = Network.of(Lstm.of(9, 40).withLearnedState(), Readout.softmax(9));
    Path file = folder.resolve("model.safetensors");
    ModelFile.write(file, Model.of(network, network.initialize(Initialization.orthogonal(), 5)));
    StreamPredictor<Integer> here = ModelFile.read(file).predictor();
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      expected.add(Arrays.toString(here.step(i % 2, i)));
    }
    assertThat(child(List.of(), file)).isEqualTo(expected);
    assertThat(child(List.of("--add-modules", "jdk.incubator.vector"), file)).isEqualTo(expected);
  }

  private static List<String> child(List<String> flags, Path file)
      throws IOException, InterruptedException, URISyntaxException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(flags);
    command.add("-cp");
    command.add(home(Team.class) + File.pathSeparator + home(Alone.class));
    command.add(Alone.class.getName());
    command.add(file.toString());
    command.addAll(List.of("1", "2", "3", "4", "5", "6", "7", "8"));
    ProcessBuilder builder = new ProcessBuilder(command);
    // What tells this virtual machine something may not fit that one.
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s printed %s", command, printed).isZero();
    // Among our lines may be the virtual machine's warning of the incubating module.
    return printed.lines().filter(line -> line.startsWith("[")).toList();
  }

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
