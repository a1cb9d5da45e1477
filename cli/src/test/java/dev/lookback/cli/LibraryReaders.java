package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.cli.damage.Form;
import dev.lookback.cli.damage.Trial;
import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.DataException;
import dev.lookback.data.TextSource;
import dev.lookback.format.Assumptions;
import dev.lookback.format.CheckpointFile;
import dev.lookback.format.FileTensor;
import dev.lookback.format.FormatException;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import dev.lookback.math.Team;
import dev.lookback.network.Predictor;
import dev.lookback.network.State;
import dev.lookback.train.Training;
import dev.lookback.train.TrainingDiverged;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The library's readers: each reads a whole thing, which can be used, or says why not. */
final class LibraryReaders {
  private static final float MARK = 0.25f;

  private final Path file;
  private final Path again;
  private final Team team;

  LibraryReaders(Path folder, Team team) {
    this.file = folder.resolve("damaged.file");
    this.again = folder.resolve("again.file");
    this.team = team;
  }

  List<Trial> all() throws IOException {
    List<Trial> all = new ArrayList<>();
    Map<String, TensorFile> models = GoodTensors.models();
    TensorFile some = Objects.requireNonNull(models.get("elman tanh"));
    TensorFile lstm = Objects.requireNonNull(models.get("lstm"));
    for (String dtype : List.of("F16", "BF16", "F32", "F64", "I32", "I64")) {
      byte[] bytes = GoodTensors.bytes(some, dtype);
      all.add(new Trial("SafeTensors", dtype, Form.TENSORS, bytes, this::tensors));
    }
    for (Map.Entry<String, TensorFile> model : models.entrySet()) {
      byte[] bytes = GoodTensors.bytes(model.getValue(), "F32");
      Trial.Attempt attempt = damaged -> model(damaged, Assumptions.none());
      all.add(new Trial("ModelFile", model.getKey(), Form.TENSORS, bytes, attempt));
    }
    Assumptions said = Assumptions.none().cell("lstm").vocabulary(List.of("a", "b", "c", "d"));
    byte[] theirs = GoodTensors.bytes(GoodTensors.foreign(lstm), "BF16");
    all.add(new Trial("ModelFile, PyTorch", "lstm", Form.TENSORS, theirs, d -> model(d, said)));
    for (Map.Entry<String, GoodTrainings.Setup> setup : GoodTrainings.all().entrySet()) {
      CheckpointFile.write(file, setup.getValue().saved(team));
      byte[] bytes = Files.readAllBytes(file);
      String name = setup.getKey();
      all.add(new Trial("CheckpointFile", name, Form.CHECKPOINT, bytes, this::checkpoint));
      Trial.Attempt attempt = damaged -> training(damaged, setup.getValue());
      all.add(new Trial("Trainer.resume", name, Form.CHECKPOINT, bytes, attempt));
    }
    byte[] text =
        "Une \u00e9t\u00e9,\r\n\ud83d\ude00 said 17 \"cats\".\n"
            .repeat(9)
            .getBytes(StandardCharsets.UTF_8);
    all.add(new Trial("Corpus", "text", Form.TEXT, text, this::corpus));
    return all;
  }

  private boolean refused(RuntimeException e) {
    Refusal.require(String.valueOf(e.getMessage()), file);
    return false;
  }

  private interface Reader<T> {
    T read(Path file) throws IOException;
  }

  /** What a damaged file is read as; nothing where it is refused as it should be. */
  private <T> Optional<T> read(byte[] damaged, Reader<T> reader) throws IOException {
    Files.write(file, damaged);
    try {
      return Optional.of(reader.read(file));
    } catch (FormatException e) {
      refused(e);
      return Optional.empty();
    }
  }

  private boolean tensors(byte[] damaged) throws IOException {
    Optional<TensorFile> read = read(damaged, SafeTensors::read);
    if (read.isPresent()) {
      SafeTensors.write(again, read.get());
      requireSame(SafeTensors.read(again), read.get());
    }
    return read.isPresent();
  }

  private static void requireSame(TensorFile found, TensorFile expected) {
    assertThat(found.metadata()).isEqualTo(expected.metadata());
    assertThat(found.tensors().keySet()).isEqualTo(expected.tensors().keySet());
    found
        .tensors()
        .forEach(
            (name, tensor) -> {
              FileTensor other = expected.find(name).orElseThrow();
              assertThat(tensor.shape()).isEqualTo(other.shape());
              if (tensor instanceof FileTensor.Floats floats) {
                assertThat(floats.values()).isEqualTo(((FileTensor.Floats) other).values());
              } else if (tensor instanceof FileTensor.Ints ints) {
                assertThat(ints.values()).isEqualTo(((FileTensor.Ints) other).values());
              }
            });
  }

  private boolean model(byte[] damaged, Assumptions said) throws IOException {
    Optional<Model> read = read(damaged, from -> ModelFile.read(from, said));
    if (read.isEmpty()) {
      return false;
    }
    Model model = read.get();
    Predictor predictor = new Predictor(model.network(), model.weights(), 1, team);
    float[] outputs = predictor.step(new int[] {0}, State.zeros(model.network(), 1));
    assertThat(outputs).hasSize(model.network().readout().outputs());
    ModelFile.write(again, model);
    requireSame(ModelFile.contents(ModelFile.read(again)), ModelFile.contents(model));
    return true;
  }

  private boolean checkpoint(byte[] damaged) throws IOException {
    Optional<Snapshot> read = read(damaged, CheckpointFile::read);
    if (read.isPresent()) {
      CheckpointFile.write(again, read.get());
      requireSame(words(CheckpointFile.read(again)), words(read.get()));
    }
    return read.isPresent();
  }

  private static TensorFile words(Snapshot snapshot) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    snapshot.floatNames().forEach(n -> tensors.put(n, tensor(snapshot.floats(n))));
    snapshot.intNames().forEach(n -> tensors.put(n, tensor(snapshot.ints(n))));
    Map<String, String> words = new LinkedHashMap<>();
    snapshot.wordNames().forEach(n -> words.put(n, snapshot.word(n)));
    return new TensorFile(tensors, words);
  }

  private static FileTensor tensor(float[] values) {
    return FileTensor.of(values, values.length);
  }

  private static FileTensor tensor(int[] values) {
    return FileTensor.of(values, values.length);
  }

  // What does not fit leaves the weights that were given as they were.
  private boolean training(byte[] damaged, GoodTrainings.Setup setup) throws IOException {
    Optional<Snapshot> read = read(damaged, CheckpointFile::read);
    if (read.isEmpty()) {
      return false;
    }
    Weights weights = Weights.zeros(setup.trainer().network().layout());
    Arrays.fill(weights.values(), MARK);
    Training training;
    try {
      training = setup.trainer().resume(read.get(), weights, setup.sampling(), team);
    } catch (IllegalArgumentException e) {
      Refusal.require(file + ": " + e.getMessage(), file);
      assertThat(weights.values()).containsOnly(MARK);
      return false;
    }
    try {
      training.next();
      training.save();
    } catch (TrainingDiverged e) {
      // Numbers that are none were read as such.
    }
    return true;
  }

  private boolean corpus(byte[] damaged) throws IOException {
    Files.write(file, damaged);
    try (Corpus corpus = Corpus.read(TextSource.file(file), CorpusOptions.standard())) {
      assertThat(corpus.tokens().length()).isPositive();
      assertThat(corpus.vocabulary().symbols()).isNotEmpty();
      return true;
    } catch (DataException e) {
      return refused(e);
    }
  }
}
