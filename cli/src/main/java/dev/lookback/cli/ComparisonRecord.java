package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.cli.config.ResolvedOptions;
import dev.lookback.math.Team;
import picocli.CommandLine.Model.CommandSpec;

/** What it takes to run a comparison again: options, data, versions. */
final class ComparisonRecord {
  private ComparisonRecord() {}

  /** A file that {@code lookback compare --config} reads. */
  static JsonObject of(CommandSpec spec, Material material, Team team) {
    JsonObject record = new JsonObject();
    record.addProperty("command", "compare");
    record.addProperty("version", LookbackCommand.version());
    record.addProperty("java", System.getProperty("java.version"));
    record.addProperty(
        "system", System.getProperty("os.name") + ", " + System.getProperty("os.arch"));
    record.addProperty("processors", Runtime.getRuntime().availableProcessors());
    record.addProperty("kernels", team.describe());
    record.add("options", ResolvedOptions.of(spec));
    record.add("data", material.record());
    return record;
  }
}
