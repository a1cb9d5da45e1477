package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.data.Sampling;
import dev.lookback.data.Unseen;
import dev.lookback.train.Checkup;
import dev.lookback.train.Symptom;
import dev.lookback.train.Trainer;
import dev.lookback.train.Update;
import dev.lookback.window.Window;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tells of a training that does not learn as it could, each kind once, and what to do. */
final class Warnings {
  private static final int NAMED = 8;

  private final Checkup checkup;
  private final Window sample;
  private final Terminal terminal;

  /** Of a trainer and what it learns from. */
  Warnings(Trainer trainer, Sampling sampling, Terminal terminal) {
    this.checkup = new Checkup(trainer);
    this.sample = sampling.epoch(0).next();
    this.terminal = terminal;
  }

  /** After each update. */
  void saw(Update update) {
    checkup.saw(update);
  }

  /** At a point of the curve. */
  void look(TrainingRun training) {
    for (Symptom symptom : checkup.look(training.weights(), sample, training.team())) {
      JsonObject fields = new JsonObject();
      fields.addProperty("kind", symptom.kind().name().toLowerCase(Locale.ROOT));
      fields.addProperty("update", training.updates());
      terminal.warn("symptom", symptom.found() + ". " + remedy(symptom.kind()), fields);
    }
  }

  private static String remedy(Symptom.Kind kind) {
    return switch (kind) {
      case STUCK ->
          "Try --lr ten times as high or as low, and see whether the data can be predicted at all";
      case CLIPPED ->
          "The direction is all that is left of them: raise --clip, lower --lr, or shorten --steps";
      case DEAD -> "They never learn again: lower --lr, or use --activation tanh";
      case SATURATED ->
          "Hardly any credit goes back through it: lower --lr, add --weight-decay 0.0001, or begin"
              + " with another --seed";
    };
  }

  /** Before the first update: the symbols that nothing can be learned of. */
  static void unseen(Material material, Terminal terminal) {
    if (!(material instanceof TextMaterial text)) {
      return;
    }
    // A line break: the last character of most texts, and in some the only one.
    List<String> symbols =
        Unseen.of(text.corpus().vocabulary(), text.split().training()).stream()
            .filter(symbol -> !symbol.equals("\n") && !symbol.equals("\r"))
            .toList();
    if (symbols.isEmpty()) {
      return;
    }
    String named =
        symbols.stream()
            .limit(NAMED)
            .map(symbol -> "\"" + symbol + "\"")
            .collect(Collectors.joining(", "));
    JsonObject fields = new JsonObject();
    fields.addProperty("kind", "unseen");
    fields.addProperty("symbols", symbols.size());
    terminal.warn(
        "symptom",
        symbols.size()
            + " of the vocabulary's symbols never occur in the part that is learned from: "
            + named
            + (symbols.size() > NAMED ? ", ..." : "")
            + ". Nothing is learned of them: give --split a larger first part, or leave characters"
            + " out with --normalise",
        fields);
  }
}
