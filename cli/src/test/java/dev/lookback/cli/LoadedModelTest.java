package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Elman;
import dev.lookback.data.Normalisation;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a text model's file says of its text, and what cannot be believed. */
class LoadedModelTest {
  @TempDir private Path folder;

  private Path write(List<String> symbols, String config) throws IOException {
    Network network = Network.of(Elman.of(3, 2), Readout.softmax(3));
    Path file = folder.resolve("model.safetensors");
    Optional<List<String>> vocabulary = Optional.of(symbols);
    ModelFile.write(
        file,
        new Model(
            network,
            network.initialize(Initialization.uniform(), 1),
            vocabulary,
            Optional.of(config)));
    return file;
  }

  private static LoadedModel read(Path file) {
    return LoadedModel.read(file, new ForeignOptions());
  }

  private static String config(String normalise) {
    return "{\"options\": {\"normalise\": \"" + normalise + "\"}}";
  }

  @Test
  void theNormalisationIsRead() throws IOException {
    List<String> symbols = List.of("a", "b", "<unk>");
    assertThat(read(write(symbols, config("letters"))).normalisation())
        .isEqualTo(Normalisation.LETTERS);
    assertThat(read(write(symbols, "not JSON")).normalisation()).isEqualTo(Normalisation.NONE);
  }

  @Test
  void aNormalisationThatThereIsNotIsRefusedByTheFilesName() throws IOException {
    Path file = write(List.of("a", "b", "<unk>"), config("l\\u0007" + "x".repeat(5000)));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith(file + ": it says that its text was normalised by \"l\\u0007xxx")
        .hasMessageEndingWith(
            "xxx...\" but there are none, letters, letters-by-line. Use the model as it was"
                + " written, or a later version");
  }

  @Test
  void aVocabularyThatIsNoneIsRefusedByTheFilesName() throws IOException {
    Path twice = write(List.of("a", "a", "<unk>"), "{}");
    assertThatThrownBy(() -> read(twice))
        .isInstanceOf(Failure.class)
        .hasMessage(
            twice
                + ": its vocabulary cannot be used: the vocabulary has \"a\" twice, as 0 and as 1");
    Path loud = write(List.of("a", "\u001b" + "y".repeat(5000), "<unk>"), "{}");
    assertThatThrownBy(() -> read(loud))
        .isInstanceOf(Failure.class)
        .hasMessage(
            loud
                + ": its vocabulary cannot be used: vocabulary symbol 1 is \"\\u001b"
                + "y".repeat(19)
                + "...\" but has to be one character, <unk> or"
                + " another marker in brackets such as <pad>");
  }
}
