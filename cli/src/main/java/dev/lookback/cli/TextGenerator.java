package dev.lookback.cli;

import dev.lookback.data.Vocabulary;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.StreamPredictor;
import dev.lookback.weights.Weights;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalInt;

/**
 * Text from a model, a character at a time: the state is carried over the prompt, then each drawn
 * character is the next input.
 *
 * @param temperature divides the scores; 0 takes the likeliest
 * @param topK draw among the k likeliest only; 0: among all
 * @param seed of the draws
 */
record TextGenerator(double temperature, int topK, long seed) {
  private static final String STREAM = "text";

  TextGenerator {
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw Failure.usage(
          "--temperature is " + temperature + " but has to be 0 (the likeliest) or more");
    }
    if (topK < 0) {
      throw Failure.usage("--top-k is " + topK + " but has to be 0 (all) or more");
    }
  }

  /** Draws {@code length} characters after the prompt. */
  String text(
      Network network,
      Weights weights,
      Vocabulary vocabulary,
      String prompt,
      int length,
      Team team) {
    StreamPredictor<String> predictor = StreamPredictor.of(network, weights, team);
    float[] scores = new float[predictor.outputs()];
    for (int id : vocabulary.encode(prompt)) {
      predictor.step(STREAM, id, scores);
    }
    Randomness randomness = Randomness.of(seed).with("generate");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int id = draw(scores, vocabulary.unknown(), randomness.uniform(i));
      text.append(vocabulary.symbol(id));
      predictor.step(STREAM, id, scores);
    }
    return text.toString();
  }

  // The unknown symbol stands for no character, so it is never drawn.
  private int draw(float[] scores, OptionalInt unknown, double u) {
    float[] s = scores.clone();
    for (float score : s) {
      if (!Float.isFinite(score)) {
        throw Failure.input(
            "the model's scores are not finite numbers, so it can tell nothing: its training"
                + " diverged. Use another model");
      }
    }
    unknown.ifPresent(id -> s[id] = Float.NEGATIVE_INFINITY);
    Integer[] order = new Integer[s.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> -s[i]));
    if (temperature == 0) {
      return order[0];
    }
    int kept = topK == 0 ? s.length : Math.min(topK, s.length);
    for (int i = kept; i < s.length; i++) {
      s[order[i]] = Float.NEGATIVE_INFINITY;
    }
    double[] p = Predictor.softmax(s, 0, s.length, temperature);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += p[i];
      if (u < sum) {
        return i;
      }
    }
    return order[0];
  }
}
