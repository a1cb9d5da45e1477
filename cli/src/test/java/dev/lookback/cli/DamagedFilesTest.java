package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.cli.damage.Ledger;
import dev.lookback.cli.damage.Trial;
import dev.lookback.math.Team;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that were damaged on the way, by accident or on purpose: every reader reads a damaged file
 * to a whole object, which can be used, or refuses it by its name, within memory that is in
 * proportion to the file. {@code -Pfuzz} damages 100,000.
 */
class DamagedFilesTest {
  private static final int FILES = Integer.getInteger("damaged", 2000);
  private static final long SEED = Long.getLong("damaged.seed", 28);

  // Of a hundred files, those that go through a command, which takes some milliseconds each.
  private static final int COMMANDS = 25;
  private static final long MIB = 1 << 20;

  @TempDir private static Path folder;
  private static final Team TEAM = Team.of(1);
  private static final List<Ledger> LEDGERS = new ArrayList<>();

  @TestFactory
  Stream<DynamicTest> theLibrarysReaders() throws IOException {
    Map<String, List<Trial>> readers = readers(new LibraryReaders(folder, TEAM).all());
    return tests(readers, FILES - FILES * COMMANDS / 100, 4 * MIB, 200);
  }

  @TestFactory
  Stream<DynamicTest> theCommands() throws IOException {
    Path place = Files.createDirectory(folder.resolve("commands"));
    Map<String, List<Trial>> readers = readers(new CommandReaders(place).all());
    return tests(readers, FILES * COMMANDS / 100, 64 * MIB, 200);
  }

  private static Map<String, List<Trial>> readers(List<Trial> trials) {
    Map<String, List<Trial>> readers = new LinkedHashMap<>();
    for (Trial trial : trials) {
      readers.computeIfAbsent(trial.reader(), name -> new ArrayList<>()).add(trial);
    }
    return readers;
  }

  // As many files for each reader, and for each good file of a reader.
  private static Stream<DynamicTest> tests(
      Map<String, List<Trial>> readers, int files, long bytes, long bytesPerByte) {
    int each = files / readers.size();
    return readers.entrySet().stream()
        .map(
            reader ->
                DynamicTest.dynamicTest(
                    reader.getKey(),
                    () -> {
                      Ledger ledger = new Ledger(reader.getKey(), bytes, bytesPerByte);
                      LEDGERS.add(ledger);
                      for (Trial trial : reader.getValue()) {
                        ledger.take(trial, SEED, each / reader.getValue().size() + 1);
                      }
                      assertThat(ledger.failures()).isEmpty();
                      assertThat(ledger.read()).as("files that were read").isPositive();
                      assertThat(ledger.refused()).as("files that were refused").isPositive();
                    }));
  }

  @BeforeAll
  static void begin() {
    LEDGERS.clear();
  }

  @AfterAll
  static void tell() throws IOException {
    TEAM.close();
    StringBuilder table =
        new StringBuilder(
            """
            | reader | files | read | refused | most allocated | slowest |
            |---|---|---|---|---|---|
            """);
    LEDGERS.forEach(ledger -> table.append(ledger.row()));
    Path report = Files.createDirectories(Path.of("target")).resolve("damaged-files.md");
    Files.writeString(report, table);
  }
}
