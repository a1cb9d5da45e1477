package dev.lookback.score;

import dev.lookback.data.Vocabulary;
import java.util.OptionalInt;

/** A line as the network reads it: what goes in step by step, what has to come out, its scores. */
final class Line {
  /** Fills a lane that has no line. */
  static final Line NONE = new Line(new int[0], new int[0]);

  private final int[] inputs;
  private final int[] targets;
  private final double[] nats;
  private final double[] expected;

  private Line(int[] inputs, int[] targets) {
    this.inputs = inputs;
    this.targets = targets;
    this.nats = new double[targets.length];
    this.expected = new double[targets.length];
  }

  /**
   * The separator, then the characters; each predicts what follows it, the last the separator.
   * Without a separator the first character predicts the second, and nothing predicts the first.
   */
  static Line of(String text, Vocabulary vocabulary, OptionalInt separator) {
    int[] characters = text.codePoints().toArray();
    int before = separator.isPresent() ? 1 : 0;
    int steps = Math.max(0, characters.length + 2 * before - 1);
    int[] inputs = new int[steps];
    int[] targets = new int[steps];
    for (int i = 0; i < characters.length; i++) {
      int target = id(characters[i], vocabulary);
      if (i + before < steps) {
        inputs[i + before] = target == RowScores.UNKNOWN ? separator.orElse(0) : target;
      }
      if (i + before > 0) {
        targets[i + before - 1] = target;
      }
    }
    if (separator.isPresent()) {
      inputs[0] = separator.getAsInt();
      targets[steps - 1] = separator.getAsInt();
    }
    return new Line(inputs, targets);
  }

  private static int id(int character, Vocabulary vocabulary) {
    return vocabulary.contains(character)
        ? vocabulary.id(character)
        : vocabulary.unknown().orElse(RowScores.UNKNOWN);
  }

  /** How many steps it takes. */
  int length() {
    return inputs.length;
  }

  /** What goes in at a step; behind its end, a token that exists. */
  int input(int step) {
    return step < inputs.length ? inputs[step] : 0;
  }

  /** What has to come out at a step. */
  int target(int step) {
    return step < targets.length ? targets[step] : RowScores.NO_TARGET;
  }

  /** Takes a step's score. */
  void scored(int step, double nats, double expected) {
    this.nats[step] = nats;
    this.expected[step] = expected;
  }

  LineScore score() {
    return new LineScore(nats, expected);
  }

  /** The same line without scores. */
  Line again() {
    return new Line(inputs, targets);
  }
}
