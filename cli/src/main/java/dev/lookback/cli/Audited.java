package dev.lookback.cli;

import dev.lookback.analysis.Sample;
import dev.lookback.network.Network;
import dev.lookback.weights.Weights;
import java.util.List;

/**
 * A model and the held-out windows that it is audited on.
 *
 * @param model the file
 * @param data the windows' name
 * @param network of the model
 * @param weights of the model
 * @param samples all of the same steps and lanes
 */
record Audited(String model, String data, Network network, Weights weights, List<Sample> samples) {

  AuditResult.Setting setting() {
    return new AuditResult.Setting(
        model,
        data,
        samples.get(0).window().steps(),
        samples.size(),
        samples.get(0).window().lanes());
  }
}
