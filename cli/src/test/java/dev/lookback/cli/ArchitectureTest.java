package dev.lookback.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.lookback.math.Team;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command line stands on the library and nothing stands on it. */
class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.lookback");

  private static final JavaClasses CLI =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.lookback.cli");

  @Test
  void onlyWhatTheLibraryExportsIsUsed() throws URISyntaxException {
    List<String> allowed = new ArrayList<>(exported());
    assertThat(allowed).contains("dev.lookback.train").doesNotContain("dev.lookback.cli");
    allowed.addAll(
        List.of(
            "dev.lookback.cli..",
            "java..",
            "org.jspecify..",
            "picocli..",
            "com.google.gson..",
            "com.google.protobuf..",
            "de.siegmar.fastcsv..",
            "me.tongfei.progressbar.."));
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .check(CLI);
  }

  // From the library's own descriptor, wherever the build has put it.
  private static List<String> exported() throws URISyntaxException {
    Path library = Path.of(Team.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleDescriptor descriptor =
        ModuleFinder.of(library).find("dev.lookback.core").orElseThrow().descriptor();
    return descriptor.exports().stream()
        .filter(export -> !export.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .toList();
  }

  @Test
  void nothingStandsOnTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.lookback.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.lookback.cli..")
        .check(ALL);
  }

  @Test
  void partsDoNotDependOnEachOtherInCircles() {
    slices().matching("dev.lookback.cli.(*)..").should().beFreeOfCycles().check(CLI);
  }

  @Test
  void picturesAndPagesKnowNoEngine() {
    classes()
        .that()
        .resideInAPackage("dev.lookback.cli.report..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.lookback.cli.report..", "java..", "org.jspecify..")
        .check(CLI);
  }
}
