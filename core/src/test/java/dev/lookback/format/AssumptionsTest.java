package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Other programs' models: without metadata, and with modules of other names. */
class AssumptionsTest {
  @TempDir private Path folder;

  private static Model lstm() {
    Network network =
        new Network(List.of(Lstm.of(3, 4), Lstm.of(4, 4)), Readout.softmax(6)).withEmbedding(6);
    return Model.of(network, network.initialize(Initialization.uniform(), 2));
  }

  /** The tensors of a model without metadata, a module at a time under another name. */
  private Path theirs(Model model, Map<String, String> names) throws IOException {
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    ModelFile.contents(model)
        .tensors()
        .forEach(
            (name, tensor) -> {
              String module = name.substring(0, name.indexOf('.'));
              String renamed = names.getOrDefault(module, module);
              String rest = name.substring(module.length() + 1);
              tensors.put(renamed.isEmpty() ? rest : renamed + "." + rest, tensor);
            });
    Path file = folder.resolve("theirs.safetensors");
    SafeTensors.write(file, TensorFile.of(tensors));
    return file;
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "rnn,decoder,embedding",
        "lstm,fc,emb",
        "module.rnn,module.decoder,module.embedding",
        "_orig_mod.model.lstm,_orig_mod.model.linear,_orig_mod.model.token_embedding",
        "gru,decoder,encoder",
        "core,head,wte",
        "'',out,embed",
        "net,0,Embedding",
      })
  void modulesAreKnownByWhatTheyHold(String recurrent, String decoder, String embedding)
      throws IOException {
    Model model = lstm();
    Path file = theirs(model, Map.of("rnn", recurrent, "decoder", decoder, "embedding", embedding));
    Model read = ModelFile.read(file, Assumptions.none().cell("lstm"));
    for (String name : List.of("rnn.weight_ih_l1", "decoder.bias", "embedding.weight")) {
      assertThat(read.weights().of(name)).isEqualTo(model.weights().of(name));
    }
    assertThat(read.network().readout().kind()).isEqualTo(Readout.Kind.SOFTMAX);
  }

  @Test
  void whatIsNotClearIsSaid() throws IOException {
    Model model = lstm();
    Path file = theirs(model, Map.of("rnn", "lstm", "decoder", "one", "embedding", "two"));
    Assumptions lstm = Assumptions.none().cell("lstm");
    assertThatThrownBy(() -> ModelFile.read(file, lstm))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + " has no tensor decoder.weight [outputs, hidden]")
        .hasMessageContaining("there are two.weight, rnn.weight_ih_l0,")
        .hasMessageContaining("--rename fc=decoder");
    Model read = ModelFile.read(file, lstm.renaming("one", "decoder").renaming("two", "embedding"));
    assertThat(read.weights().of("embedding.weight"))
        .isEqualTo(model.weights().of("embedding.weight"));
    assertThat(
            ModelFile.read(
                    file,
                    lstm.renaming("one.weight", "decoder.weight")
                        .renaming("one.bias", "decoder.bias")
                        .renaming("two", "embedding"))
                .weights()
                .of("decoder.bias"))
        .isEqualTo(model.weights().of("decoder.bias"));
    assertThatThrownBy(() -> ModelFile.read(file, lstm.renaming("three", "decoder")))
        .hasMessageContaining("has no tensor or module three to rename; there are two.weight");
    assertThatThrownBy(() -> ModelFile.read(file, lstm.renaming("one.bias", "one.weight")))
        .hasMessageContaining("two of its tensors would be one.weight");
  }

  @Test
  void twoRecurrentModulesAreTooMany() throws IOException {
    TensorFile file = SafeTensors.read(theirs(lstm(), Map.of()));
    refused(
        file.with("other.weight_ih_l0", FileTensor.of(new float[1], 1, 1)),
        "has 2 recurrent modules, of rnn.weight_ih_l0, other.weight_ih_l0, but one is needed");
  }

  @Test
  void modulesThatGoBackwardOrProjectAreRefused() throws IOException {
    TensorFile file = SafeTensors.read(theirs(lstm(), Map.of()));
    FileTensor tensor = FileTensor.of(new float[1], 1, 1);
    refused(
        file.with("rnn.weight_ih_l0_reverse", tensor),
        "has rnn.weight_ih_l0_reverse, so it is bidirectional");
    refused(
        file.with("rnn.weight_hr_l0", tensor),
        "has rnn.weight_hr_l0, so it is an LSTM with projections (proj_size)");
  }

  private void refused(TensorFile content, String says) throws IOException {
    Path file = folder.resolve("refused.safetensors");
    SafeTensors.write(file, content);
    assertThatThrownBy(() -> ModelFile.read(file, Assumptions.none().cell("lstm")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(says);
  }

  @Test
  void aFileOfOursIsNotGuessedAt() throws IOException {
    TensorFile ours = ModelFile.contents(lstm());
    Map<String, FileTensor> tensors = new LinkedHashMap<>(ours.tensors());
    tensors.put("fc.weight", tensors.remove("decoder.weight"));
    Path file = folder.resolve("ours.safetensors");
    SafeTensors.write(file, new TensorFile(tensors, ours.metadata()));
    assertThatThrownBy(() -> ModelFile.read(file)).hasMessageContaining("no tensor decoder.weight");
  }

  @Test
  void whatIsSaidStandsWhereTheFileIsSilent() throws IOException {
    Network network = new Network(List.of(Elman.of(2, 3).with(Activation.RELU)), Readout.linear(2));
    Model model = Model.of(network, network.initialize(Initialization.uniform(), 4));
    Path file = theirs(model, Map.of("rnn", "rnn", "decoder", "fc"));
    Model read =
        ModelFile.read(
            file,
            Assumptions.none()
                .cell("elman")
                .activation(Activation.RELU)
                .outputs(Readout.Kind.LINEAR)
                .vocabulary(List.of("a", "\u00e9")));
    assertThat(((Elman) read.network().top()).activation()).isEqualTo(Activation.RELU);
    assertThat(read.network().readout().kind()).isEqualTo(Readout.Kind.LINEAR);
    assertThat(read.vocabulary()).contains(List.of("a", "\u00e9"));
    assertThatThrownBy(
            () ->
                ModelFile.read(
                    file, Assumptions.none().cell("elman").vocabulary(List.of("a", "b", "c"))))
        .hasMessageContaining("the vocabulary has 3 symbols but the network takes 2 and gives 2");
  }

  @Test
  void whatTheFileSaysCannotBeSaidOtherwise() throws IOException {
    Network network = Network.of(Gru.original(2, 3), Readout.softmax(2));
    Path file = folder.resolve("ours.safetensors");
    ModelFile.write(file, Model.of(network, network.initialize(Initialization.uniform(), 4)));
    Assumptions same = Assumptions.none().cell("gru").reset(Gru.Reset.BEFORE);
    assertThat(((Gru) ModelFile.read(file, same).network().top()).reset())
        .isEqualTo(Gru.Reset.BEFORE);
    assertThatThrownBy(() -> ModelFile.read(file, same.reset(Gru.Reset.AFTER)))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            file
                + ": its metadata say lookback.reset = before, but after was said. Leave that out");
  }

  @Test
  void theShapesHintAtTheCell() throws IOException {
    assertThatThrownBy(() -> ModelFile.read(theirs(lstm(), Map.of())))
        .hasMessageContaining("Say it with --cell elman, gru or lstm; by its shapes it is lstm");
  }
}
