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
import java.util.function.Predicate;
import java.util.stream.IntStream;

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

  /**
   * What tells the text.
   *
   * @param network its network
   * @param weights its weights
   * @param vocabulary its symbols
   */
  record Source(Network network, Weights weights, Vocabulary vocabulary) {}

  /** Draws {@code length} characters after the prompt. */
  String text(
      Network network,
      Weights weights,
      Vocabulary vocabulary,
      String prompt,
      int length,
      Team team) {
    StringBuilder text = new StringBuilder();
    Source source = new Source(network, weights, vocabulary);
    stream(
        source,
        prompt,
        length,
        team,
        symbol -> {
          text.append(symbol);
          return true;
        });
    return text.toString();
  }

  /**
   * Hands out characters after the prompt one by one, as they are drawn; keeps none of them.
   *
   * @param wanted is given each and says whether another is wanted
   */
  void stream(Source source, String prompt, int length, Team team, Predicate<String> wanted) {
    Vocabulary vocabulary = source.vocabulary();
    StreamPredictor<String> predictor =
        StreamPredictor.of(source.network(), source.weights(), team);
    float[] scores = new float[predictor.outputs()];
    for (int id : vocabulary.encode(prompt)) {
      predictor.step(STREAM, id, scores);
    }
    int[] markers = markers(vocabulary);
    Randomness randomness = Randomness.of(seed).with("generate");
    for (int i = 0; i < length; i++) {
      int id = draw(scores, markers, randomness.uniform(i));
      if (!wanted.test(vocabulary.symbol(id))) {
        return;
      }
      predictor.step(STREAM, id, scores);
    }
  }

  // What stands for no character is never drawn.
  private static int[] markers(Vocabulary vocabulary) {
    int[] markers =
        IntStream.range(0, vocabulary.size()).filter(id -> !vocabulary.isCharacter(id)).toArray();
    if (markers.length == vocabulary.size()) {
      throw Failure.input("the model's vocabulary has no character to continue a text with");
    }
    return markers;
  }

  private int draw(float[] scores, int[] markers, double u) {
    float[] s = scores.clone();
    for (float score : s) {
      if (!Float.isFinite(score)) {
        throw Failure.input(
            "the model's scores are not finite numbers, so it can tell nothing: its training"
                + " diverged. Use another model");
      }
    }
    for (int id : markers) {
      s[id] = Float.NEGATIVE_INFINITY;
    }
    int likeliest = likeliest(s);
    if (temperature == 0) {
      return likeliest;
    }
    if (topK > 0 && topK < s.length) {
      keepLikeliest(s);
    }
    double[] p = Predictor.softmax(s, 0, s.length, temperature);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += p[i];
      if (u < sum) {
        return i;
      }
    }
    return likeliest;
  }

  private static int likeliest(float[] s) {
    int best = 0;
    for (int i = 1; i < s.length; i++) {
      best = s[i] > s[best] ? i : best;
    }
    return best;
  }

  private void keepLikeliest(float[] s) {
    Integer[] order = new Integer[s.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> -s[i]));
    for (int i = topK; i < s.length; i++) {
      s[order[i]] = Float.NEGATIVE_INFINITY;
    }
  }
}
