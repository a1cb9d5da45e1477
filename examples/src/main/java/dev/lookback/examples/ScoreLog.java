package dev.lookback.examples;

import dev.lookback.format.ModelFile;
import dev.lookback.math.Team;
import dev.lookback.score.LineScore;
import dev.lookback.score.Scorer;
import dev.lookback.score.Threshold;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the unusual lines of a log with a text model that has learned from usual ones. */
final class ScoreLog {
  private ScoreLog() {}

  /** The lines that are above what one usual line in a hundred is. */
  static List<String> unusual(Path model, List<String> usual, List<String> log) throws IOException {
    try (Team team = Team.of(2)) {
      Scorer scorer = Scorer.of(ModelFile.read(model), team);
      Threshold threshold = Threshold.of(excess(scorer.score(usual)), 0.01);
      List<String> unusual = new ArrayList<>();
      List<LineScore> scores = scorer.score(log);
      for (int i = 0; i < log.size(); i++) {
        if (threshold.exceededBy(scores.get(i))) {
          unusual.add(log.get(i));
        }
      }
      return unusual;
    }
  }

  private static double[] excess(List<LineScore> scores) {
    return scores.stream().mapToDouble(LineScore::excess).toArray();
  }
}
