package dev.lookback.cli.plan;

import com.google.gson.JsonObject;
import dev.lookback.gradient.LagCoverage;
import java.util.Locale;

/**
 * What one strategy would cost.
 *
 * @param cost what it needs, counted
 * @param secondsPerUpdate predicted from a calibration
 */
public record Strategy(Cost cost, double secondsPerUpdate) {

  /** As an object. */
  public JsonObject json(int lanes) {
    JsonObject json = new JsonObject();
    json.addProperty("coupling", cost.label());
    json.addProperty("gradient", cost.promise().name().toLowerCase(Locale.ROOT));
    json.addProperty("steps", cost.updateSteps());
    json.addProperty("peak_activation_bytes", cost.bytes());
    json.addProperty("peak_is_typical", cost.bytesAreTypical());
    json.addProperty("computed", cost.computed());
    json.addProperty("gone_back", cost.goneBack());
    json.addProperty("block_steps", cost.blockSteps());
    json.addProperty("seconds_per_update", secondsPerUpdate);
    json.addProperty("tokens_per_second", lanes * cost.updateSteps() / secondsPerUpdate);
    LagCoverage coverage = cost.coverage();
    json.addProperty("fewest_lags", coverage.fewest());
    json.addProperty("mean_lags", coverage.mean());
    json.addProperty("most_lags", coverage.most());
    return json;
  }
}
