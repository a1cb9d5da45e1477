package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.train.TrainingDiverged;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run's folder holds once it has ended: the model, the page, and last of all the state. Each
 * is written whole, so that an end that was broken off is simply made again.
 *
 * @param training what has been trained
 * @param folder where it is written
 * @param record of the run
 * @param material what it learned from
 * @param audits beside it
 */
record TrainingEnd(
    TrainingRun training,
    RunFolder folder,
    RunRecord record,
    Material material,
    Optional<TrainingAudits> audits) {

  /**
   * What was written.
   *
   * @param result as the record has it
   * @param failure where something is not in its place
   */
  record Written(JsonObject result, Optional<Failure> failure) {}

  /** Writes the model as it is, if that can be done. */
  void model() {
    folder.writeModel(model(training.updates()));
  }

  private Model model(long updates) {
    return new Model(
        training.network(),
        training.weights(),
        material.vocabulary().map(Vocabulary::symbols),
        Optional.of(record.forModel(updates)));
  }

  /**
   * Writes everything.
   *
   * @param state finished or interrupted
   */
  Written write(TrainingRun.Outcome outcome, Optional<Choices> choices, String state) {
    Model model = model(training.updates());
    boolean written = folder.writeModel(model);
    JsonObject result = TrainingResult.json(outcome, material, folder);
    audits.ifPresent(a -> a.record(result));
    choices.ifPresent(all -> result.add("choices", all.json()));
    record.end(state, result);
    folder.writeText(
        RunFolder.REPORT, TrainingReport.html(record.json(), training.curve(), choices, material));
    folder.writeJson(RunFolder.RECORD, record.json());
    return new Written(
        result, elsewhere(written ? Optional.empty() : Optional.of(model)).map(this::failure));
  }

  /** What can be done with it now. */
  NextSteps next(TrainingRun.Outcome outcome) {
    return new NextSteps(
        folder.folder(),
        RunSummary.text(record.json().getAsJsonObject("options").get("data")),
        material.vocabulary().isPresent(),
        training.limitRaised(outcome));
  }

  private Failure failure(String message) {
    return Failure.running(message, null);
  }

  // A sentence on what is not in its place and where it is.
  private Optional<String> elsewhere(Optional<Model> model) {
    Map<String, byte[]> files = folder.unwritten();
    List<String> names = new ArrayList<>();
    model.ifPresent(m -> names.add(String.valueOf(folder.model().getFileName())));
    names.addAll(files.keySet());
    if (names.isEmpty()) {
      return Optional.empty();
    }
    String what =
        "not everything could be written that the run ends with: " + folder.why(names.get(0));
    String all = String.join(", ", names);
    return Optional.of(
        what
            + Rescue.write(folder.folder(), model, files)
                .map(place -> ". Instead, there are in the folder " + place + ": " + all)
                .orElse(". There was no other place for them either: lost are " + all));
  }

  /** Writes what is kept of a training that diverged, and says where it is. */
  Failure diverged(Diverged e) {
    String where = "";
    if (e.restored()) {
      // A loss tells of the weights before its update.
      Model model = model(training.updates() - 1);
      where =
          folder.writeModel(model)
              ? ". The last model whose loss was a number is in " + folder.model()
              : elsewhere(Optional.of(model)).map(found -> ". But " + found).orElse("");
    }
    JsonObject how = new JsonObject();
    how.addProperty("message", e.getMessage());
    String next = e.update().map(update -> bundle(update, how)).orElse("");
    record.diverged(how);
    record.end(RunSummary.DIVERGED);
    folder.writeJson(RunFolder.RECORD, record.json());
    return Failure.diverged(e.getMessage() + where + next, e);
  }

  private String bundle(TrainingDiverged update, JsonObject how) {
    how.addProperty("update", update.update());
    update.origin().ifPresent(origin -> how.add("origin", ReplayCommand.origin(origin)));
    Path bundle;
    try {
      bundle =
          Bundle.write(
              folder.folder(),
              update,
              material.vocabulary().map(Vocabulary::symbols),
              record.forModel(update.update() - 1));
    } catch (Failure e) {
      return ". The update could not be kept for a replay: " + e.getMessage();
    }
    how.addProperty("bundle", bundle.toString());
    return ". To see it again: lookback replay " + bundle;
  }
}
