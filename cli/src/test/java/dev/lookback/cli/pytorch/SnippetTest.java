package dev.lookback.cli.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.format.FileTensor;
import dev.lookback.format.FormatException;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The lines of Python, as text, and what they expect of the file that they load. */
class SnippetTest {
  private static Model model(Network network) {
    return Model.of(network, network.initialize(Initialization.uniform(), 1));
  }

  @Test
  void aTextModelWithALearnedInitialState() {
    Network network =
        new Network(
            List.of(Lstm.of(3, 4).withLearnedState(), Lstm.of(4, 4).withLearnedState()),
            Readout.softmax(3));
    Model model = model(network).withVocabulary(List.of("<unk>", "\n", "\""));
    assertThat(new Snippet(model, true).text("runs/a \"b\"/model.safetensors"))
        .isEqualTo(
            """
            import json

            import torch
            from torch import nn
            from safetensors import safe_open
            from safetensors.torch import load_file

            FILE = "runs/a \\"b\\"/model.safetensors"


            class Model(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.rnn = nn.LSTM(3, 4, num_layers=2)
                    self.h0 = nn.Parameter(torch.zeros(2, 4))
                    self.c0 = nn.Parameter(torch.zeros(2, 4))
                    self.decoder = nn.Linear(4, 3)

                # x: [T, B] of ids; state: (h, c), each [2, B, 4]; returns [T, B, 3] and the state
                def forward(self, x, state=None):
                    if state is None:
                        state = (
                            self.h0[:, None].repeat(1, x.shape[1], 1),
                            self.c0[:, None].repeat(1, x.shape[1], 1),
                        )
                    x = nn.functional.one_hot(x, 3).float()
                    h, state = self.rnn(x, state)
                    return self.decoder(h), state


            weights = load_file(FILE)
            weights["h0"] = torch.stack([weights.pop(f"rnn.h0_l{l}") for l in range(2)])
            weights["c0"] = torch.stack([weights.pop(f"rnn.c0_l{l}") for l in range(2)])
            model = Model()
            model.load_state_dict(weights)
            model.eval()

            with safe_open(FILE, framework="pt") as file:
                symbols = json.loads(file.metadata()["lookback.vocabulary"])
            x = torch.tensor([[symbols.index("\\n")]])
            with torch.no_grad():
                o, state = model(x)  # then model(next_x, state)
            """);
  }

  @Test
  void anEmbedding() {
    Network network = Network.of(Gru.of(3, 4), Readout.softmax(5)).withEmbedding(5);
    assertThat(new Snippet(model(network), true).text("m"))
        .isEqualTo(
            """
            import torch
            from torch import nn
            from safetensors.torch import load_file

            FILE = "m"


            class Model(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.embedding = nn.Embedding(5, 3)
                    self.rnn = nn.GRU(3, 4)
                    self.decoder = nn.Linear(4, 5)

                # x: [T, B] of ids; state: [1, B, 4]; returns [T, B, 5] and the state
                def forward(self, x, state=None):
                    x = self.embedding(x)
                    h, state = self.rnn(x, state)
                    return self.decoder(h), state


            weights = load_file(FILE)
            model = Model()
            model.load_state_dict(weights)
            model.eval()

            x = torch.zeros(5, 1, dtype=torch.long)
            with torch.no_grad():
                o, state = model(x)  # then model(next_x, state)
            """);
  }

  @Test
  void rowsOfNumbersWithoutBiases() {
    Elman cell = Elman.of(2, 3).with(Activation.RELU).with(Biases.NONE);
    Network network = Network.of(cell, Readout.linear(1).withoutBias());
    assertThat(new Snippet(model(network), false).text("m"))
        .contains("    self.rnn = nn.RNN(2, 3, nonlinearity=\"relu\", bias=False)\n")
        .contains("    self.decoder = nn.Linear(3, 1, bias=False)\n")
        .contains("    # x: [T, B, 2]; state: [1, B, 3]; returns [T, B, 1] and the state\n")
        .contains("forward(self, x, state=None):\n        h, state = self.rnn(x, state)\n")
        .contains("\nx = torch.zeros(5, 1, 2)\n");
  }

  @Test
  void aLearnedStateWithoutACellState() {
    Network network = Network.of(Gru.of(3, 4).withLearnedState(), Readout.softmax(3));
    assertThat(new Snippet(model(network), true).text("m"))
        .contains("        self.h0 = nn.Parameter(torch.zeros(1, 4))\n")
        .containsSubsequence(
            "        if state is None:\n",
            "            state = self.h0[:, None].repeat(1, x.shape[1], 1)\n")
        .contains("for l in range(1)])\n")
        .doesNotContain("c0");
  }

  static List<Network> networks() {
    return List.of(
        new Network(List.of(Lstm.of(5, 4), Lstm.of(4, 4)), Readout.softmax(5)),
        new Network(
            List.of(Gru.of(5, 4).withLearnedState(), Gru.of(4, 4).withLearnedState()),
            Readout.softmax(5)),
        Network.of(Lstm.of(3, 4).with(Biases.BOTH).withLearnedState(), Readout.softmax(5))
            .withEmbedding(5),
        Network.of(Elman.of(5, 4).with(Biases.NONE), Readout.softmax(5).withoutBias()));
  }

  // The parameters of PyTorch's modules by their documentation: what load_state_dict asks for.
  @ParameterizedTest
  @MethodSource("networks")
  void theModuleHasTheTensorsOfTheFile(Network network) {
    Model model = model(network);
    String text = new Snippet(model, true).text("m");
    Map<String, String> needed = new LinkedHashMap<>();
    Matcher embedding = find("nn\\.Embedding\\((\\d+), (\\d+)\\)", text);
    if (embedding.find()) {
      needed.put("embedding.weight", "[" + embedding.group(1) + ", " + embedding.group(2) + "]");
    }
    recurrent(text, needed);
    Matcher decoder = find("nn\\.Linear\\((\\d+), (\\d+)(, bias=False)?\\)", text);
    assertThat(decoder.find()).isTrue();
    needed.put("decoder.weight", "[" + decoder.group(2) + ", " + decoder.group(1) + "]");
    if (decoder.group(3) == null) {
      needed.put("decoder.bias", "[" + decoder.group(2) + "]");
    }
    Map<String, String> found = new LinkedHashMap<>();
    for (Map.Entry<String, FileTensor> entry : ModelFile.contents(model).tensors().entrySet()) {
      found.put(entry.getKey(), Arrays.toString(entry.getValue().shape()));
    }
    assertThat(found).isEqualTo(needed);
  }

  private static void recurrent(String text, Map<String, String> needed) {
    Matcher module =
        find(
            "nn\\.(RNN|GRU|LSTM)\\((\\d+), (\\d+)(?:, num_layers=(\\d+))?(, bias=False)?\\)", text);
    assertThat(module.find()).isTrue();
    int gates = Map.of("RNN", 1, "GRU", 3, "LSTM", 4).getOrDefault(module.group(1), 0);
    int hidden = Integer.parseInt(module.group(3));
    int rows = gates * hidden;
    int layers = Integer.parseInt(Optional.ofNullable(module.group(4)).orElse("1"));
    for (int l = 0; l < layers; l++) {
      String inputs = l == 0 ? module.group(2) : module.group(3);
      needed.put("rnn.weight_ih_l" + l, "[" + rows + ", " + inputs + "]");
      needed.put("rnn.weight_hh_l" + l, "[" + rows + ", " + hidden + "]");
      if (module.group(5) == null) {
        needed.put("rnn.bias_ih_l" + l, "[" + rows + "]");
        needed.put("rnn.bias_hh_l" + l, "[" + rows + "]");
      }
    }
    // What the lines take out of the file and stack: a row for each layer.
    Matcher stacked =
        find(
            "weights\\[\"(.)0\"] = torch.stack\\(\\[weights.pop\\(f\"rnn.(.)0_l\\{l}\"\\) for l in range\\((\\d+)\\)\\]\\)",
            text);
    while (stacked.find()) {
      assertThat(stacked.group(1)).isEqualTo(stacked.group(2));
      assertThat(text)
          .contains(
              "self."
                  + stacked.group(1)
                  + "0 = nn.Parameter(torch.zeros("
                  + layers
                  + ", "
                  + hidden
                  + "))");
      for (int l = 0; l < Integer.parseInt(stacked.group(3)); l++) {
        needed.put("rnn." + stacked.group(2) + "0_l" + l, "[" + hidden + "]");
      }
    }
  }

  private static Matcher find(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text);
  }

  @Test
  void whatPyTorchHasNoModuleForIsRefused() {
    refused(
        Network.of(Gru.original(3, 4), Readout.softmax(3)),
        true,
        "is a GRU with the reset gate before the product");
    refused(
        Network.of(Elman.of(3, 4).with(Activation.IDENTITY), Readout.softmax(3)),
        true,
        "is linear (activation identity), but PyTorch's nn.RNN has tanh and relu only");
    refused(
        new Network(List.of(Gru.of(3, 4), Gru.of(4, 5)), Readout.softmax(3)),
        true,
        "has layers that differ, gru of 4 units with biases, initial state zero and gru of 5");
    Cell unbiased = Gru.of(4, 4).with(Biases.NONE);
    refused(
        new Network(List.of(Gru.of(3, 4), unbiased), Readout.softmax(3)),
        true,
        "gru of 4 units without biases");
    refused(
        Network.of(Gru.of(3, 4), Readout.softmax(5)).withEmbedding(5),
        false,
        "has an embedding, which needs token ids");
  }

  private static void refused(Network network, boolean tokens, String says) {
    assertThatThrownBy(() -> new Snippet(model(network), tokens))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(says);
  }
}
