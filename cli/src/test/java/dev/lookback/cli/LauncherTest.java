package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The two launchers, in the environments that people have. Maven's part is played by a script that
 * brings a jar; the program and its Java are the real ones.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LauncherTest {
  // The tests' working folder is their module's.
  private static final Path LAUNCHER = Path.of("..", "lookback");
  private static final Path IMAGE = Path.of("src", "image", "lookback");
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "[INFO] --- compiler:3.16.0:compile (default-compile) @ lookback-core ---"
      [ -z "${BROKEN:-}" ] || { echo "[ERROR] $BROKEN" && exit 1; }
      echo "$* in $PWD" >>"$BUILDS"
      mkdir -p cli/target/command
      if [ -n "${GATE:-}" ]; then
        echo half >cli/target/command/lookback.jar
        echo begun >"$GATE.begun"
        read -r word <"$GATE"
        [ "$word" = good ] || exit 0
      fi
      cp "$JAR" cli/target/command/lookback.jar
      """;

  // All that the launcher asks for, but for flock.
  private static final List<String> NEEDED =
      List.of(
          "cat cksum cp date find grep head locale mkdir mv ps readlink rm sed sleep tail touch tr"
              .split(" ", -1));

  // The archive takes seconds, and is none of what most of these tests look at.
  private static final String WITHOUT_ARCHIVES =
      """
      #!/bin/sh
      case "$*" in *ArchiveClassesAtExit*) exit ;; esac
      exec 'JAVA' "$@"
      """;

  @TempDir private Path folder;
  private Path builds;

  /** How a launcher ended. */
  private record Ended(int code, String out, String err) {
    void requireVersion() {
      assertThat(code).as(err).isZero();
      assertThat(out).isEqualTo("lookback development\n");
      assertThat(err).doesNotContain("lookback: /", "not found", "cannot", "ermission", "rror");
    }
  }

  @BeforeEach
  void makeJava() throws IOException {
    builds = folder.resolve("builds");
    executable(folder.resolve("java/bin/java"), WITHOUT_ARCHIVES.replace("JAVA", JAVA.toString()));
  }

  private static void executable(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  // A jar that only names the classes of this test.
  private Path jar() throws IOException {
    Path jar = folder.resolve("stub.jar");
    if (!Files.exists(jar)) {
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      String path =
          Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
              .map(entry -> Path.of(entry).toAbsolutePath().toUri().toString())
              .collect(Collectors.joining(" "));
      manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, path);
      try (OutputStream out = Files.newOutputStream(jar)) {
        new JarOutputStream(out, manifest).close();
      }
    }
    return jar;
  }

  private Path checkout(String name) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    for (String module : List.of("", "core", "cli", "bom")) {
      Files.createDirectories(home.resolve(module).resolve("src/main"));
      Files.writeString(home.resolve(module).resolve("pom.xml"), "<project/>");
    }
    Files.createDirectory(home.resolve(".mvn"));
    executable(home.resolve("mvnw"), MAVEN);
    executable(home.resolve("lookback"), Files.readString(LAUNCHER));
    return home;
  }

  private Path image(String name) throws IOException {
    Path home = folder.resolve(name);
    executable(home.resolve("bin/lookback"), Files.readString(IMAGE));
    executable(home.resolve("runtime/bin/java"), "#!/bin/sh\nexec '" + JAVA + "' \"$@\"\n");
    Files.createDirectories(home.resolve("lib"));
    Files.copy(jar(), home.resolve("lib/lookback.jar"));
    return home;
  }

  private Ended run(Path in, Map<String, String> variables, String... command)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        prepared(in, variables, command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    int code = process.waitFor();
    return new Ended(code, read(out), read(err));
  }

  private ProcessBuilder prepared(Path in, Map<String, String> variables, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(List.of("PATH", "TMPDIR"));
    environment.put("JAVA_HOME", folder.resolve("java").toString());
    environment.put("HOME", folder.toString());
    environment.put("BUILDS", builds.toString());
    environment.put("JAR", jar().toString());
    environment.putAll(variables);
    return builder;
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private List<String> builds() throws IOException {
    return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "JAVA_TOOL_OPTIONS=-XX:+UseG1GC",
        "JDK_JAVA_OPTIONS=-XX:+UseG1GC",
        "_JAVA_OPTIONS=-XX:+UseParallelGC",
        "LOOKBACK_JAVA_OPTS=-XX:+UseParallelGC -Xmx200m",
        "LOOKBACK_JAVA_OPTS=-XX:-UseSerialGC",
        "LOOKBACK_JAVA_OPTS=-XX:MaxGCPauseMillis=100",
        "JAVA_TOOL_OPTIONS=-XX:+UseG1GC;JDK_JAVA_OPTIONS=-XX:+UseG1GC;_JAVA_OPTIONS=-XX:+UseG1GC",
        "JAVA_TOOL_OPTIONS=-XX:+UseG1GC;JDK_JAVA_OPTIONS=-XX:+UseParallelGC",
        "JAVA_TOOL_OPTIONS=-XX:+UseG1GC;LOOKBACK_JAVA_OPTS=-XX:+UseParallelGC",
        "LOOKBACK_JAVA_OPTS=-XX:+UseG1GC;_JAVA_OPTIONS=-XX:+UseParallelGC",
        "JAVA_TOOL_OPTIONS=-XX:+UseG1GC;JDK_JAVA_OPTIONS=-XX:+UseParallelGC;"
            + "_JAVA_OPTIONS=-XX:+UseSerialGC;LOOKBACK_JAVA_OPTS=-XX:+UseG1GC",
        "JAVA_TOOL_OPTIONS=-Da=1;JDK_JAVA_OPTIONS=-Db=1;_JAVA_OPTIONS=-Dc=1",
      })
  void whatElseTellsJavaSomethingIsNoHindrance(String settings) throws Exception {
    Map<String, String> variables = new TreeMap<>();
    for (String setting : settings.split(";", -1)) {
      variables.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
    }
    // Its first start, at which Java is asked for its version.
    Path home = checkout("here");
    run(home, variables, "./lookback", "--version").requireVersion();
    run(image("image"), variables, "bin/lookback", "--version").requireVersion();
  }

  @Test
  void theFirstStartBuildsAndSaysSoAndTheNextDoesNot() throws Exception {
    Path home = checkout("here");
    Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));
    Ended first = run(home, java, "./lookback", "--version");
    first.requireVersion();
    assertThat(first.err()).contains("lookback: building, once and after changes", "built in ");
    assertThat(builds()).hasSize(1);
    assertThat(builds().get(0)).contains("-Dlookback.command", "in " + home.toRealPath());
    assertThat(home.resolve("cli/target/command/lookback.jsa")).exists();
    Ended second = run(home, java, "./lookback", "--version");
    second.requireVersion();
    assertThat(second.err()).doesNotContain("lookback: ");
    assertThat(builds()).hasSize(1);

    Path source = Files.writeString(home.resolve("core/src/main/New.java"), "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
    assertThat(run(home, Map.of("BROKEN", "no such symbol"), "./lookback").err())
        .contains("[ERROR] no such symbol", "the build failed; the whole log is ");
    assertThat(run(home, Map.of("BROKEN", "no such symbol"), "./lookback").code()).isEqualTo(1);
    run(home, Map.of(), "./lookback", "--version").requireVersion();
    assertThat(builds()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "it's", "a$HOME`x`", "ünï ☂", "-n", "a\"b&c(d)*[e]", "a\tb"})
  void aFolderMayHaveAnyName(String name) throws Exception {
    Path home = checkout(name);
    run(home, Map.of(), "./lookback", "--version").requireVersion();
    run(folder, Map.of(), home + "/lookback", "--version").requireVersion();
    run(folder, Map.of("CDPATH", ".:/"), "sh", "./" + name + "/lookback", "--version")
        .requireVersion();
    assertThat(builds()).hasSize(1);
    run(image(name + "2"), Map.of(), "bin/lookback", "--version").requireVersion();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:b", "50%20off", "c#", "what?", "wow!", "a;b", "back\\slash"})
  void whatAClassPathCannotHaveIsBuiltElsewhere(String name) throws Exception {
    Path home = checkout(name);
    Map<String, String> cache = Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString());
    run(home, cache, "./lookback", "--version").requireVersion();
    run(home, cache, "./lookback", "--version").requireVersion();
    assertThat(builds()).hasSize(1);
    assertThat(builds().get(0)).contains("in " + folder.toRealPath() + "/cache/lookback/");
    assertThat(home.resolve("cli/target")).doesNotExist();
  }

  @Test
  void aFolderThatTakesNoBuildIsNamedWithWhatToDo() throws Exception {
    Path home = checkout("a:b");
    Files.writeString(folder.resolve("file"), "");
    Map<String, String> cache = Map.of("XDG_CACHE_HOME", folder.resolve("file").toString());
    Ended ended = run(home, cache, "./lookback", "--version");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("cannot take one", "set XDG_CACHE_HOME to a folder");
  }

  @Test
  void aFolderThatOthersOwnIsBuiltElsewhereOnce() throws Exception {
    Path home = checkout("here");
    // Nobody can build behind a file, whatever the rights of whoever tests this.
    Files.writeString(home.resolve("cli/target"), "");
    Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));
    run(home, java, "./lookback", "--version").requireVersion();
    assertThat(builds()).hasSize(1);
    assertThat(builds().get(0)).contains("in " + folder.toRealPath() + "/.cache/lookback/");
    Ended second = run(home, java, "./lookback", "--version");
    second.requireVersion();
    assertThat(second.err()).doesNotContain("lookback: ");
    assertThat(builds()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/nonexistent"})
  void aBuildThatOthersOwnIsUsed(String cache) throws Exception {
    Path home = checkout("here");
    run(home, Map.of(), "./lookback", "--version").requireVersion();
    String java = System.getProperty("java.home");
    Map<String, String> variables = Map.of("JAVA_HOME", java, "XDG_CACHE_HOME", cache);
    List<Path> folders = List.of(home, home.resolve("cli/target/command"));
    for (Path each : folders) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("r-xr-xr-x"));
    }
    try {
      for (int start = 0; start < 2; start++) {
        Ended ended = run(home, variables, "./lookback", "--version");
        ended.requireVersion();
        assertThat(ended.err()).doesNotContain("lookback: ");
      }
    } finally {
      for (Path each : folders) {
        Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    assertThat(builds()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoFirstStartsOneBuildsAndTheOtherWaits(boolean withFlock) throws Exception {
    Path home = checkout("here");
    Map<String, String> variables = gated(withFlock);
    Process one = prepared(home, variables, "./lookback", "--version").start();
    assertThat(Files.readString(gate("begun"))).isEqualTo("begun\n");
    Process two = prepared(home, variables, "./lookback", "--version").start();
    waitsForAnother(two);
    Files.writeString(gate(""), "good\n");
    for (Process each : List.of(one, two)) {
      assertThat(each.inputReader().readLine()).isEqualTo("lookback development");
      assertThat(each.waitFor()).isZero();
    }
    assertThat(builds()).hasSize(1);
    run(home, Map.of(), "./lookback", "--version").requireVersion();
    assertThat(builds()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBuildThatIsBrokenOffIsDoneAgain(boolean withFlock) throws Exception {
    Path home = checkout("here");
    Map<String, String> variables = gated(withFlock);
    Process stopped = prepared(home, variables, "./lookback", "--version").start();
    assertThat(Files.readString(gate("begun"))).isEqualTo("begun\n");
    stopped.destroy();
    assertThat(stopped.waitFor()).isEqualTo(143);

    Process killed = prepared(home, variables, "./lookback", "--version").start();
    assertThat(Files.readString(gate("begun"))).isEqualTo("begun\n");
    List<ProcessHandle> left = killed.descendants().toList();
    killed.destroyForcibly().waitFor();
    left.forEach(ProcessHandle::destroyForcibly);
    Map<String, String> next = new TreeMap<>(variables);
    next.remove("GATE");
    run(home, next, "./lookback", "--version").requireVersion();
    assertThat(builds()).hasSize(3);
  }

  @Test
  void aBuildWhoseStartWasKilledIsWaitedForAndNotTrusted() throws Exception {
    Path home = checkout("here");
    Map<String, String> variables = gated(true);
    Process killed = prepared(home, variables, "./lookback", "--version").start();
    assertThat(Files.readString(gate("begun"))).isEqualTo("begun\n");
    killed.destroyForcibly().waitFor();
    Process next = prepared(home, Map.of(), "./lookback", "--version").start();
    waitsForAnother(next);
    Files.writeString(gate(""), "bad\n");
    assertThat(next.inputReader().readLine()).isEqualTo("lookback development");
    assertThat(next.waitFor()).isZero();
    assertThat(builds()).hasSize(2);
  }

  private static void waitsForAnother(Process process) throws IOException {
    assertThat(
            process.errorReader().lines().filter(line -> line.contains("waiting for")).findFirst())
        .isPresent();
  }

  private Path gate(String which) {
    return folder.resolve(which.isEmpty() ? "gate" : "gate." + which);
  }

  // A build that says when it has begun, and goes on when it is told to.
  private Map<String, String> gated(boolean withFlock) throws Exception {
    for (Path pipe : List.of(gate(""), gate("begun"))) {
      assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    }
    Map<String, String> variables = new TreeMap<>(Map.of("GATE", gate("").toString()));
    if (!withFlock) {
      Path programs = Files.createDirectories(folder.resolve("programs"));
      for (String name : NEEDED) {
        for (String path : System.getenv("PATH").split(":", -1)) {
          Path file = Path.of(path, name);
          if (Files.isExecutable(file) && !Files.exists(programs.resolve(name))) {
            executable(programs.resolve(name), "#!/bin/sh\nexec '" + file + "' \"$@\"\n");
          }
        }
      }
      variables.put("PATH", programs.toString());
    }
    return variables;
  }

  @ParameterizedTest
  @ValueSource(strings = {"lookback", "./lookback", "../here/lookback", "../links/deep/lookback"})
  void linksAndPathsOfAnyKindLeadHome(String call) throws Exception {
    Path home = checkout("here");
    // links/deep/lookback -> ../one -> sub/two -> ../../elsewhere/lookback, and elsewhere -> here;
    // from behind a linked folder, .. is the parent of what the link means.
    Path links = Files.createDirectories(folder.resolve("links"));
    Files.createDirectories(folder.resolve("far/deep"));
    Files.createDirectories(folder.resolve("far/sub"));
    Files.createSymbolicLink(folder.resolve("elsewhere"), home);
    Files.createSymbolicLink(links.resolve("deep"), Path.of("../far/deep"));
    Files.createSymbolicLink(folder.resolve("far/deep/lookback"), Path.of("../one"));
    Files.createSymbolicLink(folder.resolve("far/one"), Path.of("sub/two"));
    Files.createSymbolicLink(folder.resolve("far/sub/two"), Path.of("../../elsewhere/lookback"));
    for (String path : List.of("", ".", folder + ":/tmp")) {
      List<String> command = new ArrayList<>(List.of(call, "--version"));
      if (!call.contains("/")) {
        command.add(0, "sh");
      }
      Map<String, String> variables = path.isEmpty() ? Map.of() : Map.of("CDPATH", path);
      run(home, variables, command.toArray(String[]::new)).requireVersion();
    }
    assertThat(builds()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LC_ALL=xx_XX.UTF-8",
        "LC_CTYPE=UTF-8",
        "LANG=xx_XX.UTF-8",
        "LC_ALL=",
        "LC_ALL=C",
        "LC_ALL=POSIX",
        "LC_MESSAGES=xx_XX.UTF-8",
      })
  void lettersArriveInAnyLocale(String setting) throws Exception {
    Path home = checkout("here");
    Map<String, String> locale =
        Map.of(setting.split("=", 2)[0], setting.split("=", 2)[1], "LC_NUMERIC", "C");
    Ended ended = run(home, locale, "./lookback", "runs", "földer-жλ");
    assertThat(ended.code()).isEqualTo(ExitCode.INPUT);
    assertThat(ended.err()).contains("földer-жλ");
    Ended image = run(image("image"), locale, "bin/lookback", "runs", "földer-жλ");
    assertThat(image.err()).contains("földer-жλ");
  }

  @Test
  void aJavaThatDoesNotStartIsQuoted() throws Exception {
    Path home = checkout("here");
    executable(
        folder.resolve("jdk/bin/java"), "#!/bin/sh\necho no room for this JVM >&2\nexit 1\n");
    Map<String, String> variables = Map.of("JAVA_HOME", folder.resolve("jdk").toString());
    Ended broken = run(home, variables, "./lookback", "--version");
    assertThat(broken.code()).isEqualTo(69);
    assertThat(broken.err()).contains("no room for this JVM", "Point JAVA_HOME at a Java of 17");
    executable(
        folder.resolve("jdk/bin/java"), "#!/bin/sh\necho 'java version \"1.8.0_402\"' >&2\n");
    Ended old = run(home, variables, "./lookback", "--version");
    assertThat(old.code()).isEqualTo(69);
    assertThat(old.err()).contains("is Java 1, but 17 or newer is needed");
  }

  @Test
  void manyCoresAreNoMistakeOfTheUser() {
    assertThat(CommonOptions.threadsFor(257)).isEqualTo(256);
    assertThat(CommonOptions.threadsFor(2)).isEqualTo(2);
  }
}
