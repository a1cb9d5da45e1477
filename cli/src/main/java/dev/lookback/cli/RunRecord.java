package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lookback.math.Team;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run's run.json: what was run on what, by whom, and how it ended. And the part of it that goes
 * into the model, which is the same wherever, however often and with however many threads the run
 * was made.
 */
final class RunRecord {
  /** Options that change nothing of what comes out. */
  private static final List<String> HOW = List.of("threads", "checkpoint-every", "keep");

  private final JsonObject json = new JsonObject();

  /** A run that begins, or goes on with one. */
  RunRecord(JsonObject options, JsonObject data, Team team, Optional<ResumedRun> resumed) {
    json.addProperty("command", "train");
    json.addProperty("version", LookbackCommand.version());
    json.addProperty("java", System.getProperty("java.version"));
    Provenance.describe(team, json);
    json.add("options", options);
    json.add("data", data);
    json.addProperty("started", resumed.map(ResumedRun::started).orElseGet(Provenance::now));
    JsonArray times = resumed.map(ResumedRun::resumptions).orElseGet(JsonArray::new);
    resumed.ifPresent(run -> times.add(Provenance.now()));
    if (!times.isEmpty()) {
      json.add("resumed", times);
    }
    resumed
        .map(ResumedRun::backOffs)
        .filter(all -> !all.isEmpty())
        .ifPresent(all -> json.add("back_offs", all));
    stands(RunSummary.RUNNING);
  }

  /** All of it. */
  JsonObject json() {
    return json;
  }

  /** Adds to a list of what happened. */
  void add(String list, JsonObject event) {
    if (!json.has(list)) {
      json.add(list, new JsonArray());
    }
    json.getAsJsonArray(list).add(event);
  }

  /** Adds how it diverged. */
  void diverged(JsonObject how) {
    json.add("divergence", how);
  }

  /** Adds how it ended. */
  void end(String state) {
    stands(state);
    json.addProperty("ended", Provenance.now());
  }

  /** Says how it stands. */
  void stands(String state) {
    json.addProperty("state", state);
  }

  /** Adds how it ended, and with what. */
  void end(String state, JsonObject result) {
    end(state);
    json.add("result", result);
  }

  /**
   * What the model says of itself.
   *
   * @param updates made before its weights were these
   */
  String forModel(long updates) {
    JsonObject model = new JsonObject();
    for (String name : List.of("command", "version", "java", "data")) {
      model.add(name, json.get(name));
    }
    JsonObject options = new JsonObject();
    for (Map.Entry<String, JsonElement> option : json.getAsJsonObject("options").entrySet()) {
      if (!HOW.contains(option.getKey())) {
        options.add(option.getKey(), option.getValue());
      }
    }
    model.add("options", options);
    model.addProperty("update", updates);
    return model.toString();
  }
}
