package dev.lookback.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.format.ModelFile;
import dev.lookback.train.EpochSummary;
import dev.lookback.train.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {
  @Test
  void trainOnTextLearns(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("text.txt");
    Files.writeString(file, "the quick brown fox jumps over the lazy dog. ".repeat(60));
    Path out = folder.resolve("model.safetensors");
    List<EpochSummary> epochs = new ArrayList<>();
    TrainOnText.train(file, 20, out, epochs::add);
    assertThat(epochs).hasSize(20);
    assertThat(ModelFile.read(out).vocabulary().orElseThrow()).contains("q", "<unk>");
    assertThat(epochs.get(19).loss()).isLessThan(epochs.get(0).loss() / 2);
  }

  @Test
  void predictPerStreamKeepsUsersApart(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("text.txt");
    Files.writeString(file, "abcd".repeat(2000));
    Path out = folder.resolve("model.safetensors");
    TrainOnText.train(file, 40, out, epoch -> {});
    PredictPerStream both = new PredictPerStream(out);
    PredictPerStream alone = new PredictPerStream(out);
    for (int key : "abcdabc".toCharArray()) {
      assertThat(both.typed("ann", key, 'd')).isEqualTo(alone.typed("ann", key, 'd'));
      both.typed("bob", 'c', 'd');
    }
    assertThat(alone.typed("ann", 'd', 'a')).isBetween(Math.log(0.9), 0.0);
    // Characters that the model never saw.
    assertThat(both.typed("bob", '\u20ac', 'd')).isFinite();
    assertThat(both.typed("bob", 'd', 0x1F600)).isLessThan(Math.log(0.01));
  }

  @Test
  void scoreLogFindsTheLineThatIsNotLikeOthers(@TempDir Path folder) throws IOException {
    List<String> usual =
        IntStream.range(0, 600).mapToObj(i -> "user " + (10 + i * 37 % 90) + " came").toList();
    Path file = Files.write(folder.resolve("usual.log"), usual);
    Path out = folder.resolve("model.safetensors");
    TrainOnText.train(file, 60, out, epoch -> {});
    List<String> log = List.of("user 42 came", "user 17 bang", "user 77 came", "lost: user 3");
    assertThat(ScoreLog.unusual(out, usual, log)).containsExactly("user 17 bang", "lost: user 3");
  }

  @Test
  void resumeTrainingEndsAsIfItHadNeverStopped(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("text.txt");
    Files.writeString(file, "the quick brown fox jumps over the lazy dog. ".repeat(60));
    Path unbroken = Files.createDirectory(folder.resolve("unbroken"));
    Path stopped = Files.createDirectory(folder.resolve("stopped"));
    List<Update> all = new ArrayList<>();
    ResumeTraining.train(file, 100, unbroken, all::add);
    assertThat(all).hasSize(100).extracting(Update::lastOfEpoch).contains(true);

    int lost = 2 * ResumeTraining.UPDATES_BETWEEN_CHECKPOINTS + 7;
    assertThatThrownBy(() -> ResumeTraining.train(file, 100, stopped, update -> stop(update, lost)))
        .hasMessage("stopped at update " + lost);
    assertThat(stopped.resolve("model.safetensors")).doesNotExist();
    List<Update> rest = new ArrayList<>();
    ResumeTraining.train(file, 100, stopped, rest::add);

    int saved = 2 * ResumeTraining.UPDATES_BETWEEN_CHECKPOINTS;
    assertThat(rest).isEqualTo(all.subList(saved, 100));
    for (String name : List.of("model.safetensors", "checkpoint.safetensors")) {
      assertThat(stopped.resolve(name)).hasSameBinaryContentAs(unbroken.resolve(name));
    }
    ResumeTraining.train(file, 100, stopped, update -> stop(update, update.number()));
  }

  private static void stop(Update update, long at) {
    if (update.number() == at) {
      throw new IllegalStateException("stopped at update " + at);
    }
  }

  @Test
  void theReadmeShowsTheExampleAsItIs() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"), StandardCharsets.UTF_8);
    String source =
        Files.readString(
            Path.of("src/main/java/dev/lookback/examples/TrainOnText.java"),
            StandardCharsets.UTF_8);
    int begin = source.indexOf("    try (Corpus corpus");
    int end = source.indexOf("    }\n  }\n}");
    String body = source.substring(begin, end + "    }\n".length()).replaceAll("(?m)^    ", "");
    assertThat(readme).contains(body);
  }
}
