package dev.lookback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that is a module of its own compiles against core and runs, with SIMD and without. */
class ModulePathTest {
  private static final Path CORE = Path.of("target", "classes").toAbsolutePath();
  private static final String PROGRAM =
      """
      package consumer;

      import dev.lookback.cell.Lstm;
      import dev.lookback.gradient.*;
      import dev.lookback.math.*;
      import dev.lookback.network.*;
      import dev.lookback.weights.Weights;
      import dev.lookback.window.*;
      import java.util.Arrays;

      public final class Main {
        public static void main(String[] args) throws Exception {
          Network network = Network.of(Lstm.of(5, 19), Readout.softmax(5));
          Weights weights = network.initialize(Initialization.orthogonal(), 1);
          Window window =
              Window.ofTokens(3, 2, new int[] {0, 1, 2, 3, 4, 0}, new int[] {1, 2, 3, 4, 0, 1});
          Weights gradient = Weights.zeros(network.layout());
          try (Team team = Team.of(1)) {
            Pass pass = new Pass(network, 2, team);
            Coupled full = Coupling.full().couple(3, 2, Randomness.of(1));
            pass.run(weights, window, full, State.zeros(network, 2), gradient);
            System.out.println(Arrays.hashCode(gradient.values()));
            System.out.println(team.describe());
          }
          try {
            Weights.class.getDeclaredFields()[0].setAccessible(true);
            System.out.println("open");
          } catch (java.lang.reflect.InaccessibleObjectException e) {
            System.out.println("closed");
          }
        }
      }
      """;

  @TempDir Path folder;

  @BeforeEach
  void compile() throws IOException {
    Path source = Files.createDirectories(folder.resolve("src/consumer")).resolve("Main.java");
    Files.writeString(source, PROGRAM);
    Path module = folder.resolve("src/module-info.java");
    Files.writeString(module, "module consumer { requires dev.lookback.core; }");
    StringWriter messages = new StringWriter();
    PrintWriter out = new PrintWriter(messages);
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                out,
                out,
                "-p",
                CORE.toString(),
                "-d",
                folder.resolve("classes").toString(),
                module.toString(),
                source.toString());
    assertThat(code).as(messages.toString()).isZero();
  }

  private List<String> run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-p",
            CORE + File.pathSeparator + folder.resolve("classes"),
            "-m",
            "consumer/consumer.Main"));
    Path errors = folder.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command);
    // What tells this virtual machine something may not fit that one.
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    Process process = builder.redirectError(errors.toFile()).start();
    String found = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    return found.lines().toList();
  }

  @Test
  void theBitsAreTheSameWithAndWithoutTheVectorModule() throws Exception {
    List<String> scalar = run();
    List<String> vector = run("--add-modules", "jdk.incubator.vector");
    assertThat(scalar.get(0)).isEqualTo(vector.get(0));
    assertThat(scalar.get(1)).isEqualTo("scalar");
    assertThat(vector.get(1)).endsWith("-bit SIMD");
  }

  @Test
  void whatIsPrivateStaysPrivate() throws Exception {
    assertThat(run()).endsWith("closed");
  }

  /** Every room is for use: what is not, is not public in it. */
  @Test
  void exportsEveryRoomAndOpensNone() {
    ModuleDescriptor core =
        ModuleFinder.of(CORE).find("dev.lookback.core").orElseThrow().descriptor();
    assertThat(core.exports()).noneMatch(ModuleDescriptor.Exports::isQualified);
    assertThat(core.exports().stream().map(ModuleDescriptor.Exports::source))
        .containsExactlyInAnyOrderElementsOf(core.packages());
    assertThat(core.opens()).isEmpty();
    assertThat(core.isOpen()).isFalse();
  }

  @Test
  void requiresNothingThatHasToBeThere() {
    ModuleDescriptor core =
        ModuleFinder.of(CORE).find("dev.lookback.core").orElseThrow().descriptor();
    assertThat(
            core.requires().stream()
                .filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name))
        .containsExactly("java.base");
  }
}
