package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Gru;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.format.FileTensor;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.format.PyTorch;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.gradient.Pass;
import dev.lookback.gradient.Sweep;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Links;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The gradient of one batch, file to file. */
@Command(
    name = "gradient",
    description = {
      "Writes the gradient of one batch to a safetensors file, so that any other",
      "program can check it.",
      ""
    },
    footer = {
      "",
      "The batch holds x [T, B] token ids or [T, B, D] numbers, y [T, B] classes or",
      "[T, B, O] values and, if wanted, h0 [layers, B, H], for an LSTM c0 too, and xi",
      "[T] or [T, B]. The gradient has the model's tensor names and orientation, and",
      "loss; h0 and c0 where the batch has them, xi where it was drawn."
    })
final class GradientCommand implements Callable<Integer> {
  private static final String GIVEN = "data";

  @ParentCommand private LookbackCommand parent;

  @Mixin private ForeignOptions foreign;

  @Mixin private CommonOptions common;

  @Option(names = "--model", required = true, paramLabel = "FILE", description = "The model.")
  private Path model;

  @Option(names = "--data", required = true, paramLabel = "FILE", description = "The batch.")
  private Path data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the gradient goes.")
  private Path out;

  @Option(
      names = "--coupling",
      paramLabel = "C",
      defaultValue = "full",
      description = {
        "full, fixed:TAU,",
        "random:MEAN[,alpha=A][,floor=K][,per-lane or ,stratified],",
        "sliding:K1,K2, every-loss-at-least:K, or data: xi from the batch.",
        "[${DEFAULT-VALUE}]"
      })
  private String coupling;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  GradientCommand() {}

  private record Outcome(
      Pass.Result result, Coupled coupled, Weights gradient, State stateGradient) {}

  @Override
  public Integer call() throws IOException {
    Optional<Coupling> said =
        coupling.strip().equals(GIVEN) ? Optional.empty() : Optional.of(parse());
    requireOwnPlace("--model", model);
    requireOwnPlace("--data", data);
    GradientInput input = GradientInput.read(model, foreign, data);
    Coupling used = said.orElseGet(() -> Coupling.given(input.xi()));
    if (said.isPresent() && input.hasXi()) {
      parent
          .terminal()
          .warn(
              "xi in "
                  + data
                  + " is not used: --coupling is "
                  + coupling
                  + ", not --coupling data");
    }
    Outcome outcome = compute(input, used);
    TensorFile gradient = content(input, used, outcome);
    OutputFile.of("--out", out).write(to -> SafeTensors.write(to, gradient));
    print(used, outcome, ofFile(input.model(), outcome));
    return ExitCode.DONE;
  }

  private Coupling parse() {
    try {
      return CouplingNotation.parse(coupling);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--coupling " + coupling + ": " + e.getMessage(), e);
    }
  }

  private void requireOwnPlace(String option, Path file) throws IOException {
    if (Files.exists(out) && Files.exists(file) && Files.isSameFile(out, file)) {
      throw Failure.usage(
          "--out and " + option + " are the same file, " + out + ", which would be lost");
    }
  }

  private Outcome compute(GradientInput input, Coupling used) {
    Model loaded = input.model();
    int lanes = input.window().lanes();
    Coupled coupled =
        used.couple(input.window().steps(), lanes, Randomness.of(common.seed()).with("xi"));
    Weights gradient = Weights.zeros(loaded.network().layout());
    State stateGradient = State.zeros(loaded.network(), lanes);
    try (Team team = common.team(parent.terminal())) {
      Pass pass = new Pass(loaded.network(), lanes, team);
      Pass.Result result =
          pass.run(
              loaded.weights(),
              input.window(),
              coupled,
              input.entering().state(),
              gradient,
              stateGradient);
      requireFinite(result.loss(), gradient);
      return new Outcome(result, coupled, gradient, stateGradient);
    }
  }

  private void requireFinite(double loss, Weights gradient) {
    if (!Double.isFinite(loss) || !Double.isFinite(gradient.norm())) {
      throw Failure.input(
          String.format(
              Locale.ROOT,
              "the loss is %s and the gradient's norm %s: the weights of %s or the numbers of %s"
                  + " are too large for float. Nothing was written",
              loss,
              gradient.norm(),
              model,
              data));
    }
  }

  // A tensor for each of the model's file. Where a cell has one bias vector the file has two, of
  // which the second is no parameter: the loss depends on their sum, so its gradient is the
  // first's,
  // and no norm counts it. After the product a GRU's bias_hh stands inside of the reset: no such
  // sum.
  private static Map<String, FileTensor> ofFile(Model model, Outcome outcome) {
    Map<String, FileTensor> gradient = PyTorch.toTensors(outcome.gradient());
    Map<String, FileTensor> all = new LinkedHashMap<>();
    for (String name : ModelFile.contents(model).tensors().keySet()) {
      FileTensor own = gradient.get(name);
      FileTensor first = gradient.get(name.replace("bias_hh", "bias_ih"));
      if (own != null) {
        all.put(name, own);
      } else if (first != null && !resetsAfter(model.network().top())) {
        all.put(name, first);
      }
    }
    return all;
  }

  private static boolean resetsAfter(Cell cell) {
    return cell instanceof Gru gru && gru.reset() == Gru.Reset.AFTER;
  }

  private static TensorFile content(GradientInput input, Coupling used, Outcome outcome) {
    Map<String, FileTensor> tensors = ofFile(input.model(), outcome);
    tensors.put("loss", FileTensor.of(new float[] {(float) outcome.result().loss()}, 1));
    int lanes = input.window().lanes();
    tensors.putAll(input.entering().tensors(outcome.stateGradient()));
    if (used.isDrawn()) {
      Links links = outcome.coupled().links();
      float[] xi = links.toArray();
      tensors.put(
          "xi",
          links.isShared()
              ? FileTensor.of(xi, links.steps())
              : FileTensor.of(xi, links.steps(), lanes));
    }
    return TensorFile.of(tensors);
  }

  private void print(Coupling used, Outcome outcome, Map<String, FileTensor> tensors) {
    if (common.json()) {
      parent.terminal().out().println(json(used, outcome, tensors));
      return;
    }
    Table table = Table.of(Column.text("tensor"), Column.text("shape"), Column.number("|g|"));
    for (Map.Entry<String, FileTensor> entry : tensors.entrySet()) {
      table =
          table.row(
              entry.getKey(),
              Arrays.toString(entry.getValue().shape()),
              Numbers.significant(norm(entry.getValue()), 5));
    }
    table = table.row("all", "", Numbers.significant(outcome.gradient().norm(), 5));
    String unit =
        outcome.result().longestSegment() == 1
            ? "1 step"
            : outcome.result().longestSegment() + " steps";
    parent.terminal().out().print(TerminalTable.render(table));
    parent
        .terminal()
        .out()
        .printf(
            Locale.ROOT,
            "%nloss             %s%ncoupling         %s: %s%nlongest segment  %s%nwritten to      "
                + " %s%n",
            Numbers.significant(outcome.result().loss(), 7),
            used.label(),
            promise(used, outcome.coupled()),
            unit,
            out);
  }

  private JsonObject json(Coupling used, Outcome outcome, Map<String, FileTensor> tensors) {
    JsonObject parts = new JsonObject();
    tensors.forEach(
        (name, tensor) -> {
          JsonObject part = new JsonObject();
          JsonArray shape = new JsonArray();
          Arrays.stream(tensor.shape()).forEach(shape::add);
          part.add("shape", shape);
          part.addProperty("norm", norm(tensor));
          parts.add(name, part);
        });
    JsonObject object = new JsonObject();
    object.addProperty("loss", outcome.result().loss());
    object.addProperty("gradient_norm", outcome.gradient().norm());
    object.addProperty("coupling", used.label());
    object.addProperty("promise", promise(used, outcome.coupled()));
    object.addProperty("longest_segment", outcome.result().longestSegment());
    object.add("tensors", parts);
    object.addProperty("out", out.toString());
    return object;
  }

  private static double norm(FileTensor tensor) {
    double sum = 0;
    for (float v : ((FileTensor.Floats) tensor).values()) {
      sum += (double) v * v;
    }
    return Math.sqrt(sum);
  }

  private static String promise(Coupling used, Coupled coupled) {
    if (isWhole(coupled)) {
      return "the exact gradient";
    } else if (used instanceof Coupling.Given) {
      return "as xi says; unbiased only if xi was drawn with mean 1";
    }
    return switch (used.promise()) {
      case EXACT -> "the exact gradient";
      case BIASED -> "biased towards short lags";
      case UNBIASED -> "unbiased, one draw of many";
    };
  }

  /** Whether no link is cut or scaled, whatever the coupling is called. */
  private static boolean isWhole(Coupled coupled) {
    for (float xi : coupled.links().toArray()) {
      if (xi != 1) {
        return false;
      }
    }
    return coupled.sweeps().stream().mapToInt(Sweep::backTo).allMatch(step -> step == 0);
  }
}
