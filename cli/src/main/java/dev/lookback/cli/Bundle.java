package dev.lookback.cli;

import dev.lookback.format.CheckpointFile;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.train.Incident;
import dev.lookback.train.TrainingDiverged;
import dev.lookback.weights.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder with all that it takes to let an update fail again without its data: {@code
 * model.safetensors}, the network and its weights before it, which is a model like any other, and
 * {@code incident.safetensors}, the window, what entered it, and how credit went back.
 */
final class Bundle {
  private static final String INCIDENT = "incident.safetensors";

  private Bundle() {}

  /**
   * What was read.
   *
   * @param file the incident's
   * @param incident the update
   * @param message what it ended with
   */
  record Read(Path file, Incident incident, String message) {

    /** Tries the update again. */
    Optional<TrainingDiverged> again(Team team) {
      try {
        return incident.again(team);
      } catch (IllegalArgumentException e) {
        throw unfit(file, e);
      }
    }
  }

  private static Failure unfit(Path file, IllegalArgumentException e) {
    return Failure.input(file + " cannot be replayed: " + e.getMessage(), e);
  }

  /** Writes one into a run's folder and returns its own. */
  static Path write(
      Path run, TrainingDiverged diverged, Optional<List<String>> vocabulary, String record) {
    Path folder = run.resolve("divergence-" + diverged.update());
    Incident incident = diverged.incident();
    Snapshot.Writer to = Snapshot.writer();
    incident.save(to.under("incident"));
    to.put("message", String.valueOf(diverged.getMessage()));
    to.put("whole", incident.isWhole()).put("dropout", incident.network().dropout());
    Optional<String> config = Optional.of(record);
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(folder);
      }
      ModelFile.write(
          LoadedModel.inside(folder),
          new Model(incident.network(), incident.weights(), vocabulary, config));
      CheckpointFile.write(folder.resolve(INCIDENT), to.done());
      return folder;
    } catch (IOException e) {
      throw Failure.running(String.valueOf(e.getMessage()), e);
    }
  }

  /** Reads one. */
  static Read read(Path folder) {
    Path file = folder.resolve(INCIDENT);
    if (!Files.isRegularFile(file)) {
      throw Failure.input(
          folder
              + " holds no "
              + INCIDENT
              + ", so there is nothing to replay. Pass the folder that a training which diverged"
              + " wrote, such as runs/train-001/divergence-42");
    }
    try {
      Snapshot snapshot = CheckpointFile.read(file);
      Model model = ModelFile.read(LoadedModel.file(folder));
      Network network = model.network().withDropout(snapshot.decimal("dropout"));
      Incident incident = Incident.saved(network, model.weights(), snapshot.under("incident"));
      return new Read(file, incident, snapshot.word("message"));
    } catch (IOException e) {
      throw Failure.input(String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw unfit(file, e);
    }
  }
}
