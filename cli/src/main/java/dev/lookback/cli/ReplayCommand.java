package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.gradient.Origin;
import dev.lookback.math.Team;
import dev.lookback.train.TrainingDiverged;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Lets an update fail again. */
@Command(
    name = "replay",
    sortOptions = false,
    description = "Repeats, without its data, the update that a training diverged at.")
final class ReplayCommand implements Callable<Integer> {
  @ParentCommand private LookbackCommand parent;

  @Parameters(
      paramLabel = "BUNDLE",
      description = "The folder divergence-UPDATE that the training wrote")
  private Path bundle = Path.of(".");

  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  ReplayCommand() {}

  @Override
  public Integer call() {
    Bundle.Read read = Bundle.read(bundle);
    Optional<TrainingDiverged> diverged;
    try (Team team = common.team(parent.terminal())) {
      diverged = read.again(team);
    }
    String now = diverged.map(e -> String.valueOf(e.getMessage())).orElse("the update went well");
    if (common.json()) {
      parent.terminal().out().println(Finite.of(json(read, diverged, now)));
    }
    if (diverged.isEmpty() || !now.equals(read.message())) {
      throw Failure.running(
          bundle
              + " does not end as it did. Then: "
              + read.message()
              + ". Now: "
              + now
              + ". The bundle is of another version, or what sliding truncation remembers was not"
              + " kept",
          null);
    }
    throw Failure.diverged(now + Diverged.REMEDY, diverged.get());
  }

  private static JsonObject json(
      Bundle.Read read, Optional<TrainingDiverged> diverged, String now) {
    JsonObject json = new JsonObject();
    json.addProperty("update", read.incident().place().update());
    json.addProperty("reproduced", now.equals(read.message()));
    json.addProperty("message", now);
    json.addProperty("steps", read.incident().window().steps());
    json.addProperty("streams", read.incident().window().lanes());
    diverged.flatMap(TrainingDiverged::origin).ifPresent(o -> json.add("origin", origin(o)));
    return json;
  }

  /** Where the first number arose that is none. */
  static JsonObject origin(Origin origin) {
    JsonObject json = new JsonObject();
    json.addProperty("way", origin.forward() ? "forward" : "backward");
    json.addProperty("quantity", origin.quantity());
    origin.layer().ifPresent(layer -> json.addProperty("layer", layer));
    json.addProperty("step", origin.step());
    if (origin.lastStep() != origin.step()) {
      json.addProperty("last_step", origin.lastStep());
    }
    origin.stream().ifPresent(stream -> json.addProperty("stream", stream));
    json.addProperty("value", Float.toString(origin.value()));
    return json;
  }
}
