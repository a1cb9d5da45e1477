package dev.lookback.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.format.ModelFile;
import dev.lookback.train.EpochSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    for (String key : List.of("a", "b", "c", "d", "a", "b", "c")) {
      assertThat(both.typed("ann", key, "d")).isEqualTo(alone.typed("ann", key, "d"));
      both.typed("bob", "c", "d");
    }
    assertThat(alone.typed("ann", "d", "a")).isGreaterThan(0.9);
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
