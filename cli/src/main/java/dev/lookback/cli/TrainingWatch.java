package dev.lookback.cli;

import dev.lookback.train.Update;
import dev.lookback.weights.Snapshot;
import java.io.IOException;
import java.util.Optional;

/** Looks after a training: audits it, saves it, and ends it when that is asked for. */
final class TrainingWatch implements TrainingRun.Watcher {
  private final TrainingRun training;
  private final RunFolder folder;
  private final Optional<TrainingAudits> audits;
  private final Interruption interruption;
  private final Saving saving;
  private long savedAt = System.nanoTime();

  /**
   * What is saved besides the training, and when.
   *
   * @param every when
   * @param keep how many checkpoints
   * @param vocabulary of the data
   * @param model writes the model as it is
   * @param terminal told of what cannot be saved
   */
  record Saving(
      CheckpointOptions.Every every,
      int keep,
      String vocabulary,
      Runnable model,
      Terminal terminal) {}

  TrainingWatch(
      TrainingRun training,
      RunFolder folder,
      Optional<TrainingAudits> audits,
      Interruption interruption,
      Saving saving) {
    this.training = training;
    this.folder = folder;
    this.audits = audits;
    this.interruption = interruption;
    this.saving = saving;
  }

  /** Saves a run that has not begun, so that there is something to go on from at any moment. */
  void begin() {
    save(0, () -> {});
  }

  @Override
  public boolean goOn(Update update, double done) {
    audits.ifPresent(a -> a.watch(update, done, training, folder));
    return !interruption.asked();
  }

  @Override
  public void settled(Update update, boolean ends) {
    // At the end the model is written anyway.
    long start = System.nanoTime();
    if (ends || saving.every().isDue(update.number(), (start - savedAt) * 1e-9)) {
      save(update.number(), ends ? () -> {} : saving.model());
      savedAt = System.nanoTime();
      training.pause((savedAt - start) * 1e-9);
    }
  }

  // A full disk may have room again before the training ends.
  private void save(long update, Runnable model) {
    try {
      new Checkpoints(folder.folder()).save(update, snapshot(), saving.keep());
      model.run();
    } catch (IOException | Failure e) {
      saving
          .terminal()
          .warn(
              "no checkpoint after update "
                  + update
                  + ": "
                  + e.getMessage()
                  + ". The training goes on, and the last good checkpoint stays");
    }
  }

  private Snapshot snapshot() throws IOException {
    Snapshot.Writer to = Snapshot.writer();
    training.save(to);
    audits.ifPresent(a -> a.save(to.under("audits")));
    to.put("vocabulary", saving.vocabulary()).put("metrics", folder.metrics());
    return to.done();
  }
}
