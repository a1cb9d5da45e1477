package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder as data, into which runs and reports are written. */
class FolderDataTest {
  private static final List<String> SMALL =
      List.of("--hidden", "4", "--steps", "10", "--batch", "2", "--threads", "1");

  @TempDir Path folder;

  @BeforeEach
  void text() throws IOException {
    Files.writeString(folder.resolve("w.txt"), "the slow river counts stone nine\n".repeat(40));
  }

  private static Cli run(List<String> options, String... args) {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.addAll(options);
    return Cli.run(all.toArray(String[]::new));
  }

  private Cli train(String run, String... more) {
    List<String> options = new ArrayList<>(SMALL);
    options.addAll(Arrays.asList(more));
    String place = folder.resolve(run).toString();
    return run(options, "train", folder.toString(), "--updates", "5", "--run", place);
  }

  private String data(String run) throws IOException {
    JsonObject record =
        JsonParser.parseString(Files.readString(folder.resolve(run).resolve("run.json")))
            .getAsJsonObject();
    return record.get("data").toString();
  }

  @Test
  void aSecondTrainingReadsTheSameTextAndARunGoesOn() throws IOException {
    Cli first = train("runs/a", "--checkpoint-every", "5");
    assertThat(first.code()).as(first.err()).isZero();
    Cli second = train("b");
    assertThat(second.err()).contains("skipped runs/a: a run folder of Lookback");
    assertThat(data("b")).isEqualTo(data("runs/a"));

    Cli resumed = Cli.run("train", "--resume", folder + "/runs/a", "--updates", "8");
    assertThat(resumed.code()).as(resumed.err()).isZero();
  }

  @Test
  void comparisonsAndAuditsAreNotTakenInEither() throws IOException {
    assertThat(train("a").code()).isZero();
    String text = folder.toString();
    Cli compared =
        run(
            SMALL,
            "compare",
            text,
            "--couplings",
            "full,fixed:2",
            "--updates",
            "4",
            "--out",
            text + "/compared");
    assertThat(compared.code()).as(compared.err()).isZero();
    Cli audited =
        Cli.run(
            "audit",
            text + "/a",
            text,
            "--steps",
            "8",
            "--windows",
            "2",
            "--part",
            "all",
            "--csv",
            text + "/audit.csv",
            "--report",
            text + "/audit.html");
    assertThat(audited.code()).as(audited.err()).isZero();
    assertThat(train("b").code()).isZero();
    assertThat(data("b")).isEqualTo(data("a"));
  }

  @Test
  void aRunFolderAsDataIsRefused() {
    assertThat(train("a").code()).isZero();
    Cli nested = run(SMALL, "train", folder.resolve("a").toString(), "--updates", "2");
    assertThat(nested.code()).isEqualTo(ExitCode.INPUT);
    assertThat(nested.err()).contains("a is a run folder of Lookback, not a text");
  }

  @Test
  void aNameThatTheEncodingOfFileNamesDoesNotKnowIsSaidToBeLost() {
    Cli lost = run(SMALL, "train", folder + "/caf\ufffd.txt", "--updates", "2");
    assertThat(lost.code()).isEqualTo(ExitCode.INPUT);
    assertThat(lost.err()).contains("not in the encoding of file names", "rename it");
  }
}
