package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.cli.words.Wrapped;
import java.util.Locale;

/** How a training ended, as numbers and in words. */
final class TrainingResult {
  private static final int TEXT_WIDTH = 79;

  private TrainingResult() {}

  /** For run.json and for --json. */
  static JsonObject json(TrainingRun.Outcome outcome, Material material, RunFolder folder) {
    boolean nats = material.task().map(task -> task.form().tokens()).orElse(true);
    JsonObject json = new JsonObject();
    json.addProperty("loss", outcome.loss());
    json.addProperty("training_loss", outcome.trainingLoss());
    if (nats) {
      json.addProperty("perplexity", Math.exp(outcome.loss()));
      json.addProperty("training_perplexity", Math.exp(outcome.trainingLoss()));
    }
    material.task().ifPresent(task -> TaskNames.describe(task, json));
    json.addProperty("tokens_per_second", outcome.tokens() / outcome.seconds());
    json.addProperty("updates", outcome.updates());
    json.addProperty("epochs", outcome.epochs());
    json.addProperty("tokens", outcome.tokens());
    json.addProperty("seconds", outcome.seconds());
    json.addProperty("longest_segment", outcome.longestSegment());
    json.addProperty("peak_activation_bytes", outcome.peakActivationBytes());
    json.addProperty("gradient_norm", outcome.gradientNorm());
    json.addProperty("clipped_fraction", outcome.clippedFraction());
    json.addProperty("run", folder.folder().toString());
    return json;
  }

  /** For a person. */
  static void print(TrainingRun.Outcome o, Material material, Terminal terminal) {
    terminal.out().print(TerminalTable.render(losses(o, material)));
    material
        .task()
        .map(task -> Wrapped.of(TaskNames.against(task, o.loss()), TEXT_WIDTH, ""))
        .ifPresent(terminal.out()::println);
    terminal.out().println();
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s updates on %s %s in %s: %s %s/s%n",
            Numbers.count(o.updates()),
            Numbers.count(o.tokens()),
            material.steps(),
            Numbers.duration(o.seconds()),
            Numbers.count(Math.round(o.tokens() / o.seconds())),
            material.steps());
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "Longest segment %s steps, activations at most %s%n",
            Numbers.count(o.longestSegment()),
            Numbers.bytes(o.peakActivationBytes()));
  }

  private static Table losses(TrainingRun.Outcome o, Material material) {
    if (material.task().isPresent()) {
      String unit = material.task().get().form().unit();
      return Table.of(Column.text(""), Column.number("loss", unit))
          .row("validation", Numbers.fixed(o.loss(), 4))
          .row("training", Numbers.fixed(o.trainingLoss(), 4));
    }
    Table table =
        Table.of(Column.text(""), Column.number("loss", "nats"), Column.number("perplexity"));
    if (o.validated()) {
      table = table.row("validation", nats(o.loss()), perplexity(o.loss()));
    }
    return table.row("training", nats(o.trainingLoss()), perplexity(o.trainingLoss()));
  }

  private static String nats(double loss) {
    return Numbers.fixed(loss, 3);
  }

  private static String perplexity(double loss) {
    return Numbers.significant(Math.exp(loss), 4);
  }
}
