package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --config}. */
class ConfigFileTest {
  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void nameConfig() {
    config = folder.resolve("config.json");
  }

  private Cli train(String... more) {
    String[] args = {"train", "--config", config.toString(), "--run", folder + "/run", "--json"};
    return Cli.run(Samples.and(args, more));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json at all | 3 | is not JSON: see line 1, column",
        "{\"hidden\": 4 | 3 | is not JSON: see line 1, column",
        "[1, 2] | 3 | has to hold a JSON object such as {\"hidden\": 64",
        "`` | 3 | has to hold a JSON object",
        "{\"hidden\": {\"a\": 1}} | 3 | has {\"a\":1} under \"hidden\"",
        "{\"hidden\": [{\"a\": 1}]} | 3 | has [{\"a\":1}] under \"hidden\"",
        "{\"hidden\": [null]} | 3 | has [null] under \"hidden\"",
        "{\"hidden\": null} | 3 | config.json, line 1, column 10, has null under \"hidden\"",
        "{\"options\": {\"hidden\": 4, \"lr\": null}} | 3 | column 31, has null under \"lr\"",
        "{\"hidden\": 4, \"hidden\": 4} | 3 | \"hidden\" stands there a second time: see line 1",
        "{\"options\": {}, \"a\": {\"b\": 1, \"b\": 2}} | 3 | \"b\" stands there a second time",
        "{\"hidden\": 4} {} | 3 | is not JSON: see line 1, column 16",
        "{\"hidden\": 4} // four | 3 | is not JSON: see line 1, column 16",
        "{\"hidden\": 4,} | 3 | is not JSON: see line 1, column 15",
        "{hidden: 4} | 3 | is not JSON: see line 1, column 3",
        "{'hidden': 4} | 3 | is not JSON: see line 1, column 3",
        "{\"hidden\": NaN} | 3 | is not JSON: see line 1",
        "{\"hidden\": 8.5} | 2 | --hidden is \"8.5\" but has to be a whole number",
        "{\"hidden\": 1e2147483647} | 2 | --hidden is \"1e2147483647\" but has to be a whole",
        "{\"hidden\": 1e99999999999} | 2 | --hidden is \"1e99999999999\" but has to be a whole",
        "{\"hidden\": \"_NULL_\"} | 3 | has _NULL_ under \"hidden\", which stands for no value",
        "{\"hiden\": 4} | 2 | which is no option of train. Did you mean \"hidden\"?",
        "{\"hidden\": -4} | 2 | --hidden is -4",
        "{\"hidden\": \"many\"} | 2 | --hidden is \"many\" but has to be a whole number",
        "{\"lr\": \"NaN\"} | 2 | --lr is NaN",
        "{\"cell\": \"gru\", \"activation\": \"relu\"} | 2 | Take it out of the --config file, or use",
        "{\"options\": {\"layer\": 2}} | 2 | Did you mean \"layers\"?",
      })
  void whatCannotBeUsedIsRefused(String content, int code, String says) {
    Samples.write(config, content);
    Cli run = train();
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).startsWith("lookback: ").contains(says).doesNotContain("gson", "\tat ");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void filesThatCannotBeReadAreBadInput() throws IOException {
    assertThat(train().err()).contains(config + " does not exist. Check --config");
    Files.write(config, new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(train().err()).contains("it is no text in UTF-8. Check --config");
    Files.delete(config);
    Files.createDirectory(config);
    assertThat(train().code()).isEqualTo(ExitCode.INPUT);
  }

  @Test
  void whatIsQuotedIsShortAndClean() {
    String loud = "\\u001b[31m\\n" + "y".repeat(50_000);
    Samples.write(config, "{\"" + loud + "\": 1}");
    assertThat(train().err())
        .startsWith("lookback: the config file " + config + " sets \"\\u001b[31m\\nyyy")
        .contains("yyy...\", which is no option of train")
        .hasSizeLessThan(400);
    Samples.write(config, "{\"hidden\": {\"" + loud + "\": 1}}");
    assertThat(train().err()).contains("yyy... under \"hidden\" but needs").hasSizeLessThan(400);
    Samples.write(config, "{\"hidden\": \"" + "7".repeat(4000) + "\"}");
    assertThat(train().err()).contains("--hidden is \"7777").hasSizeLessThan(400);
    Samples.write(config, "{\"hidden\": \"" + "7".repeat(5000) + "\"}");
    assertThat(train().err())
        .isEqualTo(
            "lookback: the config file "
                + config
                + ", line 1, column 10, has 5000 characters under \"hidden\" but a value can have at most 4096."
                + " Shorten it"
                + System.lineSeparator());
  }

  // Sparse: three gigabytes that take no room, which no array of bytes could hold.
  @Test
  void aFileTooLargeForAConfigIsNotRead() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(config.toFile(), "rw")) {
      file.setLength(3L << 30);
    }
    Cli run = train();
    assertThat(run.code()).isEqualTo(ExitCode.INPUT);
    assertThat(run.err()).contains("it has more than 64 MiB. Check --config");
  }

  @Test
  void theOptionNeedsAValue() {
    Cli run = Cli.run("train", "--config");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--config");
  }

  @Test
  void listsAndFlagsAreWhatOneWouldType() {
    Path text = Samples.text(folder);
    Samples.write(
        config,
        "{\"data\": \""
            + text
            + "\", \"hidden\": 8, \"updates\": 2, \"steps\": 10, \"batch\": 2,"
            + " \"split\": [0.8, 0.2, 0], \"json\": true}");
    Cli run = train("--seed=3");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("{\"loss\":").contains("\"updates\":2");
    Cli equals = Cli.run("train", "--config=" + config, "--run", folder + "/other");
    assertThat(equals.out()).contains("\"updates\":2");
  }

  // JSON has one kind of number: what a program wrote as 8.0 is 8.
  @Test
  void wholeNumbersAreWholeHoweverTheyAreWritten() {
    Path text = Samples.text(folder);
    String same = "{\"data\": \"" + text + "\", \"updates\": 2, \"batch\": 2, \"max-tokens\": ";
    Samples.write(config, same + "1.5e3, \"hidden\": 8.0, \"steps\": 1e1, \"lr\": 1E-2}");
    Cli run = train();
    assertThat(run.code()).as(run.err()).isZero();
    Samples.write(config, same + "1500, \"hidden\": 8, \"steps\": 10, \"lr\": 0.01}");
    Cli plain = Cli.run("train", "--config", "" + config, "--run", folder + "/plain", "--json");
    assertThat(loss(run)).isEqualTo(loss(plain));
  }

  private static String loss(Cli run) {
    return run.out().substring(0, run.out().indexOf(','));
  }

  @Test
  void valuesMeanWhatTheySay() throws IOException {
    Path text = Samples.text(folder);
    String name = "${HOME}$$ ${nothing} ${sys:user.home} ${env:PATH} %s %d $HOME ~ @x";
    Samples.write(folder.resolve("y.txt"), "--hidden=3");
    Samples.write(
        config,
        "{\"data\": \"%s\", \"hidden\": 8, \"updates\": 2, \"steps\": 10, \"batch\": 2,"
                .replace("%s", text.toString())
            + " \"run\": \""
            + folder
            + "/"
            + name
            + "\"}");
    Cli run = Cli.run("train", "--config", config.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains(name);
    Path there = folder.resolve(name);
    assertThat(there).isDirectory();
    Cli more = Cli.run("train", "--resume", there.toString(), "--updates", "4");
    assertThat(more.code()).as(more.err()).isZero();
    Cli record = Cli.run("train", "--config", there + "/run.json", "--run", there + "2");
    assertThat(record.code()).as(record.err()).isZero();

    Path named = Samples.write(folder.resolve("${HOME}.txt"), Samples.words(400));
    String[] typed = Samples.tiny("train", named);
    assertThat(Cli.run(Samples.and(typed, "--run", folder + "/${user.home}")).code()).isZero();
    assertThat(folder.resolve("${user.home}")).isDirectory();
  }

  @Test
  void anArgumentThatBeginsWithAnAtIsNoFileOfOptions() {
    String file = "@" + Samples.write(folder.resolve("y.txt"), "--hidden=3 --no-such-option");
    assertThat(Cli.run("train", file).err()).contains("'" + file + "' is neither a file nor");
    assertThat(Cli.run(file).err()).contains("\"" + file + "\" is no command");
    assertThat(Cli.run("generate", "--prompt", file).err()).contains("there is no model");
  }

  @Test
  void aRecordOfAnotherCommandSaysWhichOptionIsTooMuch() {
    Samples.write(config, "{\"coupling\": \"full\"}");
    Cli run = Cli.run("compare", "--config", config.toString(), "--out", folder + "/out");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("no option of compare", "Did you mean \"couplings\"?");
  }

  @Test
  void whatItSaysIsComplainedOfByItsName() {
    String text = Samples.text(folder).toString();
    Samples.write(config, "{\"hidden\": 0, \"batch\": 9999, \"init\": \"gru\"}");
    String[] args = {"train", text, "--config", config.toString(), "--run", folder + "/run"};
    Cli hidden = Cli.run(Samples.and(args, "--init", "orthogonal"));
    assertThat(hidden.code()).isEqualTo(ExitCode.USAGE);
    assertThat(hidden.err()).contains("--hidden is 0", config + " says hidden = 0");
    Cli init = Cli.run(Samples.and(args, "--hidden", "4"));
    assertThat(init.code()).isEqualTo(ExitCode.USAGE);
    assertThat(init.err()).contains("What was not typed is from " + config);
    Cli batch = Cli.run(Samples.and(args, "--hidden", "4", "--init", "orthogonal"));
    assertThat(batch.code()).isEqualTo(ExitCode.INPUT);
    assertThat(batch.err()).contains("--batch 9999", config + " says batch = 9999");
    Cli typed = Cli.run(Samples.and(args, "--hidden=-1"));
    assertThat(typed.err()).contains("--hidden is -1").doesNotContain(config.toString());
    Samples.write(config, "{\"hidden\": \"\\u001b[31mmany\"}");
    Cli red = Cli.run(args);
    assertThat(red.err())
        .contains("--hidden is \"\\u001b[31mmany\"", config + " says hidden = \\u001b[31m");
  }
}
