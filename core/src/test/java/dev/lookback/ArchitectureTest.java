package dev.lookback;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each room may import these others, and nothing else of ours. */
class ArchitectureTest {
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("math", Set.of()),
          Map.entry("message", Set.of()),
          Map.entry("window", Set.of()),
          Map.entry("book", Set.of()),
          Map.entry("schedule", Set.of()),
          Map.entry("weights", Set.of("math", "message")),
          Map.entry("loss", Set.of("math", "window")),
          Map.entry("data", Set.of("math", "message", "window")),
          Map.entry("optim", Set.of("math", "weights")),
          Map.entry("cell", Set.of("math", "window", "weights")),
          Map.entry("network", Set.of("math", "window", "weights", "cell")),
          Map.entry(
              "gradient",
              Set.of("math", "window", "weights", "cell", "loss", "network", "schedule")),
          Map.entry("format", Set.of("message", "weights", "cell", "network", "data")),
          Map.entry(
              "score", Set.of("math", "window", "weights", "cell", "network", "data", "format")),
          Map.entry(
              "analysis",
              Set.of("math", "window", "weights", "cell", "loss", "network", "gradient", "data")),
          Map.entry(
              "train",
              Set.of(
                  "math",
                  "message",
                  "window",
                  "weights",
                  "cell",
                  "loss",
                  "network",
                  "gradient",
                  "optim",
                  "data",
                  "format",
                  "analysis")));

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.lookback");

  @Test
  void everyRoomImportsOnlyWhatTheTableAllows() {
    MAY_IMPORT.forEach(
        (room, others) -> {
          List<String> allowed = new ArrayList<>();
          allowed.add("dev.lookback." + room + "..");
          others.forEach(other -> allowed.add("dev.lookback." + other + ".."));
          allowed.addAll(List.of("java..", "jdk.incubator.vector..", "org.jspecify.."));
          classes()
              .that()
              .resideInAPackage("dev.lookback." + room + "..")
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage(allowed.toArray(String[]::new))
              .allowEmptyShould(true)
              .check(CORE);
        });
  }

  @Test
  void everyRoomIsInTheTable() {
    classes()
        .should()
        .resideInAnyPackage(
            MAY_IMPORT.keySet().stream()
                .map(room -> "dev.lookback." + room + "..")
                .toArray(String[]::new))
        .check(CORE);
  }

  @Test
  void roomsDoNotDependOnEachOtherInCircles() {
    slices().matching("dev.lookback.(*)..").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void onlyTheRoomOfKernelsKnowsSimdAndThreads() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.lookback.math")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jdk.incubator.vector..", "java.util.concurrent..")
        .check(CORE);
  }

  @Test
  void theLibraryNeitherPrintsNorLogs() {
    noClasses()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..")
        .check(CORE);
  }
}
