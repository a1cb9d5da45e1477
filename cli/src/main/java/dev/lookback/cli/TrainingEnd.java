package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.train.TrainingDiverged;
import java.nio.file.Path;
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

  /** Writes the model as it is. */
  void model() {
    model(training.updates());
  }

  private void model(long updates) {
    folder.writeModel(
        new Model(
            training.network(),
            training.weights(),
            material.vocabulary().map(Vocabulary::symbols),
            Optional.of(record.forModel(updates))));
  }

  /**
   * Writes everything.
   *
   * @param state finished or interrupted
   * @return the result, as the record has it
   */
  JsonObject write(TrainingRun.Outcome outcome, Optional<Choices> choices, String state) {
    model();
    JsonObject result = TrainingResult.json(outcome, material, folder);
    audits.ifPresent(a -> a.record(result));
    choices.ifPresent(all -> result.add("choices", all.json()));
    record.end(state, result);
    folder.writeText(
        RunFolder.REPORT, TrainingReport.html(record.json(), training.curve(), choices, material));
    folder.writeJson(RunFolder.RECORD, record.json());
    return result;
  }

  /** Writes what is kept of a training that diverged, and says where it is. */
  Failure diverged(Diverged e) {
    String where = "";
    if (e.restored()) {
      // A loss tells of the weights before its update.
      model(training.updates() - 1);
      where = ". The last model whose loss was a number is in " + folder.model();
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
    Path bundle =
        Bundle.write(
            folder.folder(),
            update,
            material.vocabulary().map(Vocabulary::symbols),
            record.forModel(update.update() - 1));
    how.addProperty("update", update.update());
    update.origin().ifPresent(origin -> how.add("origin", ReplayCommand.origin(origin)));
    how.addProperty("bundle", bundle.toString());
    return ". To see it again: lookback replay " + bundle;
  }
}
