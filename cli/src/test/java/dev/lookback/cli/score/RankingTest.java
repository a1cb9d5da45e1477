package dev.lookback.cli.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.score.LineScore;
import dev.lookback.score.Threshold;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The largest first; of equal ones the first. */
class RankingTest {
  private static ScoredLine line(long number, double excess) {
    LineScore score = new LineScore(new double[] {excess + 1}, new double[] {1});
    return new ScoredLine("f", number, "", score);
  }

  private static List<Long> ranked(Ranking ranking) {
    double[] excess = {2, 9, 2, 7, 9, -1};
    for (int i = 0; i < excess.length; i++) {
      ranking.add(line(i + 1, excess[i]));
    }
    assertThat(ranking.lines()).isEqualTo(6);
    return ranking.ranked().stream().map(ScoredLine::number).toList();
  }

  @Test
  void theMostSurprisingAreKept() {
    assertThat(ranked(new Ranking(3, Optional.empty()))).containsExactly(2L, 5L, 4L);
    assertThat(ranked(new Ranking(4, Optional.empty()))).containsExactly(2L, 5L, 4L, 1L);
    assertThat(ranked(new Ranking(0, Optional.empty()))).containsExactly(2L, 5L, 4L, 1L, 3L, 6L);
  }

  @Test
  void whatIsNotAboveTheThresholdOnlyCounts() {
    Ranking ranking = new Ranking(2, Optional.of(new Threshold(2, 0.1, 9)));
    assertThat(ranked(ranking)).containsExactly(2L, 5L);
    assertThat(ranking.above()).isEqualTo(3);
  }
}
