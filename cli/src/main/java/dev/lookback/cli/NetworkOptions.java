package dev.lookback.cli;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.data.task.Form;
import dev.lookback.data.task.Task;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The network to make. */
final class NetworkOptions {
  // Each is made before its numbers are counted.
  private static final int MOST_LAYERS = 1000;

  private static final String LAYERS = "Layers; share dropped between, in training [1, 0]";

  private static final double FORGET_BIAS = 1;

  @Option(
      names = "--cell",
      paramLabel = "CELL",
      defaultValue = "elman",
      description = "elman, gru or lstm [${DEFAULT-VALUE}]")
  private CellKind cell = CellKind.ELMAN;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "128",
      description = "Hidden units of a layer [${DEFAULT-VALUE}]")
  private int hidden;

  @Option(names = "--layers", paramLabel = "N", defaultValue = "1", description = LAYERS)
  private int layers;

  @Option(names = "--dropout", paramLabel = "P", defaultValue = "0", description = LAYERS)
  private double dropout;

  @Option(
      names = "--embedding",
      paramLabel = "E",
      defaultValue = "0",
      description = "Numbers that stand for a character; 0: one-hot [${DEFAULT-VALUE}]")
  private int embedding;

  @Option(
      names = "--initial-state",
      paramLabel = "HOW",
      defaultValue = "zero",
      description = "zero or learned [${DEFAULT-VALUE}]")
  private InitialState initialState = InitialState.ZERO;

  @Option(
      names = "--activation",
      paramLabel = "PHI",
      description = "Of --cell elman: tanh, relu or identity [tanh]")
  private Optional<Activation> activation = Optional.empty();

  @Option(
      names = "--gru-reset",
      paramLabel = "SIDE",
      description = "Of --cell gru: after or before the product [after]")
  private Optional<Gru.Reset> gruReset = Optional.empty();

  @Option(
      names = "--forget-bias",
      paramLabel = "X",
      description = "Of --cell lstm: added to fresh forget gates [1]")
  private Optional<Double> forgetBias = Optional.empty();

  @Option(
      names = "--init",
      paramLabel = "KIND",
      defaultValue = "orthogonal",
      description = "orthogonal, uniform or normal:DEVIATION [${DEFAULT-VALUE}]")
  private String init = "orthogonal";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  NetworkOptions() {}

  private enum InitialState {
    ZERO,
    LEARNED
  }

  /**
   * Refuses what makes no network, before anything is read, and makes the defaults of the cell the
   * options' values, so that a run's record has them.
   */
  void settle() {
    if (hidden < 1 || layers < 1) {
      throw Failure.usage(
          "--hidden is " + hidden + " and --layers " + layers + "; both have to be 1 or more");
    } else if (layers > MOST_LAYERS) {
      throw Failure.usage(
          "--layers is " + layers + " but has to be from 1 to " + MOST_LAYERS + ", such as 2");
    }
    if (embedding < 0) {
      throw Failure.usage(
          "--embedding is " + embedding + " but has to be 1 or more, or 0 for one-hot characters");
    }
    requireDropout();
    belongsTo(CellKind.ELMAN, "--activation", activation, "takes no activation");
    belongsTo(CellKind.GRU, "--gru-reset", gruReset, "has no reset gate");
    belongsTo(CellKind.LSTM, "--forget-bias", forgetBias, "has no forget gate");
    switch (cell) {
      case ELMAN -> activation = activation.or(() -> Optional.of(Activation.TANH));
      case GRU -> gruReset = gruReset.or(() -> Optional.of(Gru.Reset.AFTER));
      case LSTM -> forgetBias = forgetBias.or(() -> Optional.of(FORGET_BIAS));
    }
    if (!forgetBias.map(Double::isFinite).orElse(true)) {
      throw Failure.usage(
          "--forget-bias is " + forgetBias.get() + " but has to be a number, such as 1");
    }
  }

  private void requireDropout() {
    if (!(dropout >= 0 && dropout < 1)) {
      throw Failure.usage(
          "--dropout is " + dropout + " but has to be 0 or more and below 1, such as 0.2");
    }
    if (dropout > 0 && layers == 1) {
      throw Failure.usage(
          "--dropout is "
              + dropout
              + " but --layers is 1, and dropout stands between layers. Use --layers 2, or leave"
              + " --dropout out");
    }
  }

  private void belongsTo(CellKind owner, String option, Optional<?> value, String lack) {
    if (value.isEmpty() || cell == owner) {
      return;
    }
    boolean typed = spec.commandLine().getParseResult().hasMatchedOption(option);
    throw Failure.usage(
        option
            + " does not go with --cell "
            + cell.label()
            + ", which "
            + lack
            + ". "
            + (typed ? "Leave it out" : "Take it out of the --config file")
            + ", or use --cell "
            + owner.label());
  }

  /** A network over a vocabulary that predicts its next symbol. */
  Network forVocabulary(int symbols) {
    return network(symbols, Readout.softmax(symbols));
  }

  /** A network that takes what a task gives, and gives what it asks for. */
  Network forTask(Task task) {
    Form form = task.form();
    if (embedding > 0 && !form.tokens()) {
      throw Failure.usage(
          "--embedding stands for tokens, but task:"
              + task.label()
              + " has rows of numbers. Leave it out");
    }
    return network(
        form.inputs(),
        form.tokens() ? Readout.softmax(form.outputs()) : Readout.linear(form.outputs()));
  }

  private Network network(int symbols, Readout readout) {
    List<Cell> cells = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      int below = embedding > 0 ? embedding : symbols;
      Cell layer = layer(l == 0 ? below : hidden);
      cells.add(initialState == InitialState.LEARNED ? layer.withLearnedState() : layer);
    }
    try {
      Network network = new Network(cells, readout).withDropout(dropout);
      Network whole = embedding > 0 ? network.withEmbedding(symbols) : network;
      whole.layout(); // refused here if it is too large, where options can be named
      return whole;
    } catch (IllegalArgumentException e) {
      throw Failure.usage(
          e.getMessage() + ". Lower --hidden, or --layers, --embedding or the vocabulary", e);
    }
  }

  private Cell layer(int inputs) {
    return switch (cell) {
      case ELMAN -> Elman.of(inputs, hidden).with(activation.orElse(Activation.TANH));
      case GRU ->
          gruReset.orElse(Gru.Reset.AFTER) == Gru.Reset.AFTER
              ? Gru.of(inputs, hidden)
              : Gru.original(inputs, hidden);
      case LSTM -> Lstm.of(inputs, hidden).withForgetBias(forgetBias.orElse(FORGET_BIAS));
    };
  }

  Initialization initialization() {
    return Initialization.parse(init);
  }
}
