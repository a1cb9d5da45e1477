package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that is learned as characters. */
class TableDataTest {
  private static final String WARNING = "looks like a table of 3 columns";

  @TempDir Path folder;

  private static String rows(String separator) {
    StringBuilder rows = new StringBuilder(String.join(separator, "day", "price", "volume\n"));
    for (int i = 0; i < 60; i++) {
      rows.append(String.join(separator, "2024-01-" + i, 10 + i + ".5", 100 * i + "\n"));
    }
    return rows.toString();
  }

  private Cli train(String input, String... args) {
    List<String> all =
        new ArrayList<>(List.of("train", "--hidden", "4", "--steps", "10", "--batch", "2"));
    all.addAll(List.of("--threads", "1", "--updates", "2"));
    all.addAll(List.of("--run", folder.resolve("run" + all.hashCode() + args.length) + ""));
    all.addAll(Arrays.asList(args));
    return Cli.reading(input, all.toArray(String[]::new));
  }

  @Test
  void aTableIsSaidToBeLearnedAsCharacters() throws IOException {
    for (String separator : List.of(",", ";", "\t")) {
      assertThat(TableLook.columns(rows(separator), false)).isPresent();
    }
    Path file = Files.writeString(folder.resolve("prices.csv"), rows(","));
    Cli run = train("", file.toString());
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("warning: " + file, WARNING, "--as text");
    assertThat(train(rows(","), "-", "--seed", "2").err()).contains("standard input " + WARNING);
  }

  @Test
  void whoSaysThatItIsMeantIsNotWarned() throws IOException {
    Path file = Files.writeString(folder.resolve("prices.csv"), rows(","));
    Cli run = train("", file.toString(), "--as", "text");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("table");
    Cli wrong = train("", file.toString(), "--as", "rows", "--seed", "3");
    assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains("--as is \"rows\" but has to be text");
  }

  @Test
  void proseAndProgramsAreNoTables() {
    assertThat(TableLook.columns("The river, the stone,\nand the sea.\nIt ran, slowly,\n", false))
        .isEmpty();
    assertThat(TableLook.columns("f(1, 2)\ng(3, x)\nh(a, b)\nk(y, z)\n", false)).isEmpty();
    assertThat(TableLook.columns("a,b\n", true)).isEmpty();
    assertThat(TableLook.columns("", true)).isEmpty();
  }
}
