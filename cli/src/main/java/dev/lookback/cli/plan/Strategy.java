package dev.lookback.cli.plan;

import com.google.gson.JsonObject;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagCoverage;
import java.util.Locale;

/**
 * What one strategy would cost.
 *
 * @param label the coupling, and the memory where there is a budget
 * @param promise what can be said of its gradient
 * @param updateSteps the steps of a window, that is, of an update
 * @param bytes the most activations at once
 * @param bytesAreTypical whether chance decides and almost all windows need no more
 * @param computed how often each step is computed forward on average
 * @param goneBack how many steps are gone back through for each step of a window
 * @param blockSteps S
 * @param secondsPerStep predicted, for all lanes
 * @param coverage how far losses look back
 */
public record Strategy(
    String label,
    Coupling.Promise promise,
    long updateSteps,
    long bytes,
    boolean bytesAreTypical,
    double computed,
    double goneBack,
    int blockSteps,
    double secondsPerStep,
    LagCoverage coverage) {

  /** Seconds of an update. */
  public double secondsPerUpdate() {
    return secondsPerStep * updateSteps;
  }

  /** As an object. */
  public JsonObject json(int lanes) {
    JsonObject json = new JsonObject();
    json.addProperty("coupling", label);
    json.addProperty("gradient", promise.name().toLowerCase(Locale.ROOT));
    json.addProperty("steps", updateSteps);
    json.addProperty("peak_activation_bytes", bytes);
    json.addProperty("peak_is_typical", bytesAreTypical);
    json.addProperty("computed", computed);
    json.addProperty("gone_back", goneBack);
    json.addProperty("block_steps", blockSteps);
    json.addProperty("seconds_per_update", secondsPerUpdate());
    json.addProperty("tokens_per_second", lanes / secondsPerStep);
    json.addProperty("fewest_lags", coverage.fewest());
    json.addProperty("mean_lags", coverage.mean());
    json.addProperty("most_lags", coverage.most());
    return json;
  }
}
