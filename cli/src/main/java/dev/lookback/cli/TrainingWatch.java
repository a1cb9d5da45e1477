package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.train.Update;
import dev.lookback.weights.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks after a training: audits it, saves it, and ends it when that is asked for. */
final class TrainingWatch implements TrainingRun.Watcher {
  private final TrainingRun training;
  private final RunFolder folder;
  private final Optional<TrainingAudits> audits;
  private final Interruption interruption;
  private final Saving saving;
  private final Warnings warnings;
  private final Checkpoints checkpoints;
  private long savedAt = System.nanoTime();

  /**
   * What is saved besides the training, and when.
   *
   * @param every when
   * @param keep how many checkpoints
   * @param vocabulary of the data
   * @param model writes the model as it is
   * @param record of the run, which has what happened to it
   * @param terminal told of how it goes
   */
  record Saving(
      CheckpointOptions.Every every,
      int keep,
      String vocabulary,
      Runnable model,
      RunRecord record,
      Terminal terminal) {}

  TrainingWatch(
      TrainingRun training,
      RunFolder folder,
      Optional<TrainingAudits> audits,
      Interruption interruption,
      Saving saving,
      Warnings warnings) {
    this.training = training;
    this.folder = folder;
    this.audits = audits;
    this.interruption = interruption;
    this.saving = saving;
    this.warnings = warnings;
    this.checkpoints = new Checkpoints(folder.folder());
  }

  /** Saves a run that has not begun, so that there is something to go on from at any moment. */
  void begin() {
    if (training.updates() == 0) {
      save(0, () -> {});
    }
  }

  @Override
  public boolean goOn(Update update, double done) {
    warnings.saw(update);
    if (update.lastOfEpoch()) {
      JsonObject fields = new JsonObject();
      fields.addProperty("epoch", update.epoch() + 1);
      fields.addProperty("update", update.number());
      saving.terminal().note("epoch", "epoch " + (update.epoch() + 1) + " has ended", fields);
    }
    audits.ifPresent(a -> a.watch(update, done, training));
    return !interruption.asked();
  }

  @Override
  public void marked(CurvePoint point) {
    JsonObject fields = new JsonObject();
    fields.addProperty("update", point.update());
    fields.addProperty("epoch", point.epoch());
    fields.addProperty("tokens", point.tokens());
    fields.addProperty("seconds", point.seconds());
    fields.addProperty("loss", point.training());
    fields.addProperty("validation_loss", point.validation());
    fields.addProperty("gradient_norm", point.gradientNorm());
    saving.terminal().note("point", "another point of the curve", fields);
    long start = System.nanoTime();
    warnings.look(training);
    training.pause((System.nanoTime() - start) * 1e-9);
  }

  // What was written of the way that led nowhere must not be what is gone on from, or looked at.
  @Override
  public void wentBack(TrainingRun.BackOff back) {
    JsonObject fields = new JsonObject();
    fields.addProperty("back_off", back.number());
    fields.addProperty("failed_update", back.failed());
    fields.addProperty("back_to_update", back.updates());
    fields.addProperty("rate", back.rate());
    String message =
        String.format(
            Locale.ROOT,
            "%s. Back to the weights after update %d, now with a rate of %.3g (back-off %d)",
            back.why(),
            back.updates(),
            back.rate(),
            back.number());
    saving.terminal().warn("back-off", message, fields);
    fields.addProperty("message", back.why());
    saving.record().add("back_offs", fields);
    saving.record().stands(RunSummary.RUNNING);
    folder.writeJson(RunFolder.RECORD, saving.record().json());
    folder.goBackTo(back.updates());
    audits.ifPresent(a -> a.goBackTo(back.updates(), training.tokens()));
    save(back.updates(), () -> {});
  }

  @Override
  public void settled(long update, boolean ends) {
    // At the end the model is written anyway.
    long start = System.nanoTime();
    if (ends && training.done() >= 1) {
      saving.record().stands(RunSummary.ENDING);
      folder.writeJson(RunFolder.RECORD, saving.record().json());
    }
    if (ends || saving.every().isDue(update, (start - savedAt) * 1e-9)) {
      save(update, ends ? () -> {} : saving.model());
      savedAt = System.nanoTime();
      training.pause((savedAt - start) * 1e-9);
    }
  }

  // A full disk may have room again before the training ends.
  private void save(long update, Runnable model) {
    if (!folder.isThere()) {
      return;
    }
    WriteProblems problems = folder.problems();
    List<String> stays = new ArrayList<>();
    boolean saved =
        problems.attempt(
            "the checkpoint",
            "no checkpoint after update " + update + ": ",
            "The training goes on, and the last good checkpoint stays",
            () -> stays.addAll(checkpoints.save(update, snapshot(), saving.keep())));
    if (saved) {
      problems.attempt(
          "the folder of the checkpoints",
          "the checkpoint after update "
              + update
              + " is saved, but an old one could not be"
              + " removed: ",
          "The training goes on",
          () -> {
            if (!stays.isEmpty()) {
              throw new IOException(String.join("; ", stays));
            }
          });
      JsonObject fields = new JsonObject();
      fields.addProperty("update", update);
      saving.terminal().note("checkpoint", "saved after update " + update, fields);
    }
    model.run();
    folder.flush();
  }

  private Snapshot snapshot() throws IOException {
    Snapshot.Writer to = Snapshot.writer();
    training.save(to);
    if (audits.isPresent()) {
      audits.get().save(to.under("audits"));
    }
    to.put("vocabulary", saving.vocabulary()).put("metrics", folder.metrics());
    return to.done();
  }
}
