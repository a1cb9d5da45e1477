package dev.lookback.cli.pytorch;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.format.FormatException;
import dev.lookback.format.Model;
import dev.lookback.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines of Python that make a model's module in PyTorch and load its weights, whose names, shapes
 * and gate order are PyTorch's already.
 *
 * @param model the model
 * @param tokens whether it is given token ids, else rows of numbers
 */
public record Snippet(Model model, boolean tokens) {

  /**
   * Checks that PyTorch has such a module.
   *
   * @throws FormatException if it has not
   */
  public Snippet {
    Network network = model.network();
    for (int l = 0; l < network.cells().size(); l++) {
      requireModule(network.cells().get(l));
      if (!kind(model, l).equals(kind(model, 0))) {
        throw new FormatException(
            "has layers that differ, "
                + kind(model, 0)
                + " and "
                + kind(model, l)
                + ", but a module of PyTorch has layers of one kind. Stack modules of one layer each"
                + " by hand");
      }
    }
    if (!tokens && network.embedding().isPresent()) {
      throw new FormatException(
          "has an embedding, which needs token ids, not numbers. Leave --inputs out");
    }
  }

  private static String kind(Model model, int l) {
    Cell cell = model.network().cells().get(l);
    boolean biased = model.weights().layout().find("rnn.bias_ih_l" + l).isPresent();
    return format(
        "%s of %d units %s biases, initial state %s",
        cell.label(),
        cell.hidden(),
        biased ? "with" : "without",
        cell.learnsState() ? "learned" : "zero");
  }

  private static void requireModule(Cell cell) {
    if (cell instanceof Gru gru && gru.reset() == Gru.Reset.BEFORE) {
      throw new FormatException(
          "is a GRU with the reset gate before the product, n = tanh(W_in x + W_hn (r * h)), but"
              + " PyTorch's nn.GRU has it after, n = tanh(W_in x + r * (W_hn h)): it would load"
              + " these weights and compute something else. --onnx writes both; for PyTorch train"
              + " with --gru-reset after");
    } else if (cell instanceof Elman elman && elman.activation() == Activation.IDENTITY) {
      throw new FormatException(
          "is linear (activation identity), but PyTorch's nn.RNN has tanh and relu only. --onnx"
              + " writes it");
    } else if (!(cell instanceof Elman || cell instanceof Gru || cell instanceof Lstm)) {
      throw new FormatException(
          "has a layer of the cell "
              + cell.label()
              + ", for which PyTorch has no module: it has nn.RNN, nn.GRU and nn.LSTM");
    }
  }

  /**
   * The lines.
   *
   * @param file the safetensors file to load, as Python is to find it
   */
  public String text(String file) {
    List<String> lines = new ArrayList<>();
    boolean vocabulary = tokens && model.vocabulary().isPresent();
    if (vocabulary) {
      lines.add("import json");
      lines.add("");
    }
    lines.add("import torch");
    lines.add("from torch import nn");
    if (vocabulary) {
      lines.add("from safetensors import safe_open");
    }
    lines.add("from safetensors.torch import load_file");
    lines.add("");
    lines.add("FILE = " + quoted(file));
    lines.add("");
    lines.add("");
    module(lines);
    lines.add("");
    lines.add("");
    load(lines);
    lines.add("");
    example(lines, vocabulary);
    return String.join("\n", lines) + "\n";
  }

  private void module(List<String> lines) {
    Network network = model.network();
    int hidden = network.top().hidden();
    lines.add("class Model(nn.Module):");
    lines.add("    def __init__(self):");
    lines.add("        super().__init__()");
    network
        .embedding()
        .ifPresent(
            e ->
                lines.add(
                    format(
                        "        self.embedding = nn.Embedding(%d, %d)", e.tokens(), e.width())));
    lines.add("        self.rnn = " + recurrent());
    for (String plane : learned()) {
      lines.add(
          format(
              "        self.%s = nn.Parameter(torch.zeros(%d, %d))",
              plane, network.cells().size(), hidden));
    }
    lines.add(
        format(
            "        self.decoder = nn.Linear(%d, %d%s)",
            hidden, network.readout().outputs(), network.readout().bias() ? "" : ", bias=False"));
    lines.add("");
    lines.add("    # " + shapes());
    lines.add("    def forward(self, x, state=None):");
    if (!learned().isEmpty()) {
      begin(lines);
    }
    if (network.embedding().isPresent()) {
      lines.add("        x = self.embedding(x)");
    } else if (tokens) {
      lines.add(format("        x = nn.functional.one_hot(x, %d).float()", network.inputs()));
    }
    lines.add("        h, state = self.rnn(x, state)");
    lines.add("        return self.decoder(h), state");
  }

  private String shapes() {
    Network network = model.network();
    String state = format("[%d, B, %d]", network.cells().size(), network.top().hidden());
    return format(
        "x: %s; state: %s; returns [T, B, %d] and the state",
        tokens ? "[T, B] of ids" : "[T, B, " + network.inputs() + "]",
        isLstm() ? "(h, c), each " + state : state,
        network.readout().outputs());
  }

  // One state for every lane, where no other is given.
  private void begin(List<String> lines) {
    List<String> planes =
        learned().stream()
            .map(plane -> "self." + plane + "[:, None].repeat(1, x.shape[1], 1)")
            .toList();
    lines.add("        if state is None:");
    if (isLstm()) {
      lines.add("            state = (");
      planes.forEach(plane -> lines.add("                " + plane + ","));
      lines.add("            )");
    } else {
      lines.add("            state = " + planes.get(0));
    }
  }

  private String recurrent() {
    Network network = model.network();
    Cell bottom = network.cells().get(0);
    StringBuilder module = new StringBuilder();
    module.append(isLstm() ? "nn.LSTM" : bottom instanceof Gru ? "nn.GRU" : "nn.RNN");
    module.append(format("(%d, %d", bottom.inputs(), bottom.hidden()));
    if (network.cells().size() > 1) {
      module.append(", num_layers=").append(network.cells().size());
    }
    if (bottom instanceof Elman elman && elman.activation() == Activation.RELU) {
      module.append(", nonlinearity=\"relu\"");
    }
    if (model.weights().layout().find("rnn.bias_ih_l0").isEmpty()) {
      module.append(", bias=False");
    }
    return module.append(')').toString();
  }

  private void load(List<String> lines) {
    int layers = model.network().cells().size();
    lines.add("weights = load_file(FILE)");
    for (String plane : learned()) {
      lines.add(
          format(
              "weights[\"%s\"] = torch.stack([weights.pop(f\"rnn.%s_l{l}\") for l in range(%d)])",
              plane, plane, layers));
    }
    lines.add("model = Model()");
    lines.add("model.load_state_dict(weights)");
    lines.add("model.eval()");
  }

  private void example(List<String> lines, boolean vocabulary) {
    if (vocabulary) {
      lines.add("with safe_open(FILE, framework=\"pt\") as file:");
      lines.add("    symbols = json.loads(file.metadata()[\"lookback.vocabulary\"])");
      lines.add(format("x = torch.tensor([[symbols.index(%s)]])", quoted(firstSymbol())));
    } else if (tokens) {
      lines.add("x = torch.zeros(5, 1, dtype=torch.long)");
    } else {
      lines.add(format("x = torch.zeros(5, 1, %d)", model.network().inputs()));
    }
    lines.add("with torch.no_grad():");
    lines.add("    o, state = model(x)  # then model(next_x, state)");
  }

  private String firstSymbol() {
    List<String> symbols = model.vocabulary().orElseThrow();
    return symbols.stream()
        .filter(s -> s.codePointCount(0, s.length()) == 1)
        .findFirst()
        .orElse(symbols.get(0));
  }

  /** The planes of the state that are parameters: h0, c0. */
  private List<String> learned() {
    return model.network().top().learnsState()
        ? List.of("h0", "c0").subList(0, model.network().top().planes())
        : List.of();
  }

  private boolean isLstm() {
    return model.network().top() instanceof Lstm;
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /** A string of Python. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (c == '\n') {
                quoted.append("\\n");
              } else if (Character.isISOControl(c)) {
                quoted.append(format("\\x%02x", c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }
}
