package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user can do wrong, what is said of it, and that nothing is left behind. */
class BadInputTest {
  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void makeText() {
    text = Samples.text(folder);
  }

  private static void requireRefused(Cli run, int code, String... says) {
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).startsWith("lookback: ").contains(says);
    assertThat(run.err()).doesNotContain("Exception", "\tat ", "defect of Lookback");
    assertThat(run.out()).isEmpty();
  }

  private Cli train(String... more) {
    String[] args = Samples.tiny("train", text, more);
    return Cli.run(Samples.and(args, "--run", folder.resolve("run").toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--coupling fixed:0 | tau is 0",
        "--coupling fixed:-3 | tau is -3",
        "--coupling fixed:abc | \"abc\" is not a whole number",
        "--coupling random:0 | pi = 0 has no 1/pi",
        "--coupling random:1 | pi = 0 has no 1/pi",
        "--coupling random:0.5 | mean length is 0.5 but has to be more than 1",
        "--coupling random:NaN | mean length is NaN",
        "--coupling random:abc | \"abc\" is not a number",
        "--coupling adaptive | \"adaptive\": write the tolerance of the relative bias",
        "--coupling random:5,per-lane --stride own | no common cut for --stride own",
        "--hidden 0 | --hidden is 0",
        "--hidden abc | --hidden is \"abc\" but has to be a whole number",
        "--layers 0 | --layers 0",
        "--layers 2147483647 | --layers is 2147483647 but has to be from 1 to 1000",
        "--lr 0 | --lr is 0.0 but has to be more than 0",
        "--lr -1 | --lr is -1.0",
        "--lr NaN | --lr is NaN",
        "--lr 1e39 | --lr is 1.0E39",
        "--lr fast | --lr is \"fast\" but has to be a number",
        "--clip -1 | --clip is -1.0",
        "--clip NaN | --clip is NaN",
        "--momentum 1 | --momentum is 1.0",
        "--weight-decay -1 | --weight-decay is -1.0",
        "--warm-up -1 | --warm-up is -1",
        "--epochs 0 | --epochs is 0",
        "--updates 0 | --updates is 0",
        "--seconds NaN | --seconds is NaN",
        "--batch 0 | --batch is 0",
        "--steps 0 | --steps is 0",
        "--threads 0 | --threads is 0 but has to be from 1",
        "--threads 100000 | --threads is 100000",
        "--checkpoint-every 0 | --checkpoint-every is 0",
        "--max-tokens 0 | --max-tokens is 0",
        "--window-stride 3 | needs --sampling windows",
        "--window-stride 0 --sampling windows | has to be 1 or more",
        "--state carry --sampling windows | --state carry does not go with --sampling windows",
        "--state keep | --state is \"keep\"",
        "--sampling words | --sampling is \"words\"",
        "--stride never | --stride is \"never\"",
        "--stride own --coupling fixed:3 --sampling windows | needs lanes",
        "--split 1 | --split is \"1\"",
        "--split 0.5,0.4,0.3 | fractions that sum to 1",
        "--split a,b,c | --split is \"a,b,c\"",
        "--split 0,1,0 | leave something to train on",
        "--optimizer lion | --optimizer is \"lion\"",
        "--rate linear | --rate is \"linear\"",
        "--rate step:2 | --rate is \"step:2\"",
        "--rate cosine:0 | the cosine is 0",
        "--cell lstn | --cell is \"lstn\" but has to be one of elman, gru, lstm. Did you mean lstm?",
        "--cell transformer | --cell is \"transformer\" but has to be one of elman, gru, lstm",
        "--cell lstm --activation relu | --activation does not go with --cell lstm, which takes no",
        "--cell gru --activation tanh | Leave it out, or use --cell elman",
        "--gru-reset before | --gru-reset does not go with --cell elman, which has no reset gate",
        "--cell gru --gru-reset inside | \"inside\" but has to be one of after, before",
        "--cell gru --forget-bias 1 | --forget-bias does not go with --cell gru, which has no forget",
        "--cell lstm --forget-bias NaN | --forget-bias is NaN but has to be a number, such as 1",
        "--cell lstm --forget-bias much | --forget-bias is \"much\" but has to be a number",
        "--dropout 0.2 | --layers is 1, and dropout stands between layers. Use --layers 2, or leave",
        "--dropout 1 --layers 2 | --dropout is 1.0 but has to be 0 or more and below 1, such as 0.2",
        "--dropout -0.1 --layers 2 | --dropout is -0.1",
        "--dropout NaN --layers 2 | --dropout is NaN",
        "--embedding -1 | --embedding is -1 but has to be 1 or more, or 0 for one-hot characters",
        "--initial-state random | \"random\" but has to be one of zero, learned",
        "--activation sine | --activation is \"sine\" but has to be one of tanh, relu, identity",
        "--init zeros | \"zeros\" is no initialisation",
        "--normalise caps | --normalise is \"caps\"",
        "--vocabulary random | --vocabulary is \"random\"",
        "--prompt Z | the prompt has \"Z\" (U+005A), which the text does not have",
        "--data other.txt | the data is given twice",
        "--learning-rate 0.1 | --learning-rate is no option of train. Here it is called --lr",
        "--updatess 3 | --updatess is no option of train. Did you mean --updates?",
        "--seed 1.5 | --seed is \"1.5\" but has to be a whole number",
        "more | \"more\" is one argument too many",
      })
  void wrongUsageIsRefusedBeforeAnythingIsWritten(String options, String says) {
    requireRefused(train(options.split(" ")), ExitCode.USAGE, says);
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void anEmptyPromptIsRefusedBeforeTheTraining() {
    requireRefused(train("--prompt", ""), ExitCode.USAGE, "the prompt is empty");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void couplingsOfALaneNeedSteps() {
    Cli run =
        Cli.run(
            "train",
            text.toString(),
            "--coupling",
            "random:5,per-lane",
            "--hidden",
            "8",
            "--run",
            folder.resolve("run").toString());
    requireRefused(run, ExitCode.USAGE, "cuts each lane at its own steps", "--steps");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | is empty",
        "hi there | 8 characters but --batch 2 lanes of --steps 10 need at least 21",
      })
  void textsThatAreTooShortAreBadInput(String content, String says) {
    Samples.write(text, content);
    requireRefused(train(), ExitCode.INPUT, "text", says);
  }

  @Test
  void segmentsLongerThanTheTextAreBadInput() {
    requireRefused(
        train("--coupling", "fixed:2000000000", "--stride", "own"),
        ExitCode.INPUT,
        "fixed:2000000000",
        "which needs 4000000010");
  }

  @Test
  void aMissingFileIsBadInput() {
    requireRefused(
        Cli.run("train", folder.resolve("no.txt").toString()),
        ExitCode.INPUT,
        "no.txt' is neither a file nor a folder nor a built-in corpus");
    requireRefused(Cli.run("train", "time-machin"), ExitCode.INPUT, "Did you mean time-machine?");
  }

  @Test
  void whatIsNoTextIsToldByItsOffset() throws IOException {
    Files.write(text, new byte[] {'a', 'b', 0, 1});
    requireRefused(train(), ExitCode.INPUT, "byte 0x00 at offset 2", "binary");
    Files.write(text, "hello w\u00e9rld".getBytes(StandardCharsets.ISO_8859_1));
    requireRefused(train(), ExitCode.INPUT, "byte 0xE9 at offset 7 (line 1)", "UTF-8");
  }

  @Test
  void aSplitOfMoreThanThereIsIsBadInput() {
    requireRefused(train("--split", "1000000,1,1"), ExitCode.INPUT, "asks for 1000000 + 1 + 1");
  }

  @Test
  void commandsAndOptionsThatDoNotExistSuggestOthers() {
    requireRefused(Cli.run("trian"), ExitCode.USAGE, "\"trian\" is no command", "mean train?");
    requireRefused(Cli.run("--versoin"), ExitCode.USAGE, "Did you mean --version?");
    requireRefused(Cli.run("generate"), ExitCode.USAGE, "there is no model to generate with");
    requireRefused(
        Cli.run("evaluate", "--model", "m", "--normalise", "none"),
        ExitCode.USAGE,
        "no option of evaluate");
  }

  @Test
  void aRunIsNeverWrittenOverAnother() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path model = Samples.write(run.resolve("model.safetensors"), "precious");
    requireRefused(train(), ExitCode.USAGE, "is not empty", "--run");
    assertThat(model).hasContent("precious");
    try (var files = Files.list(run)) {
      assertThat(files).containsExactly(model);
    }
  }

  @Test
  void foldersThatCannotBeMadeFailTheRun() {
    for (String below : new String[] {"", "/below"}) {
      requireRefused(
          Cli.run(Samples.tiny("train", text, "--run", text + below)),
          ExitCode.FAILED,
          text + below,
          "Name another with --run");
      requireRefused(
          Cli.run(Samples.tiny("compare", text, "--out", text + below)),
          ExitCode.FAILED,
          text + below,
          "Name another with --out");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--couplings random:5,per-lane --stride own | 2 | no common cut for --stride own",
        "--couplings full,full | 2 | --couplings has full twice",
        "--couplings full,,fixed:3 | 2 | is no coupling",
        "--couplings full,fixed:0 | 2 | tau is 0",
        "--seeds 0 | 2 | --seeds",
        "--audit-windows 0 | 2 | --audit-windows",
        "--draws 1 | 2 | --draws is 1",
        "--lr 0 | 2 | --lr is 0.0",
        "--hidden 0 | 2 | --hidden is 0",
        "--split 1,0,0 | 3 | the validation part has 0 characters",
        "--steps 1000 | 3 | a window of --steps 1000 needs 1001",
      })
  void compareRefusesWhatItCannotCompare(String options, int code, String says) {
    requireRefused(compare(options), code, says);
    assertThat(folder.resolve("out/report.html")).doesNotExist();
  }

  private Cli compare(String options) {
    String out = folder.resolve("out").toString();
    return Cli.run(Samples.tiny("compare", text, (options + " --out " + out).split(" ")));
  }
}
