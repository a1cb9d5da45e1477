package dev.lookback.cli.score;

import dev.lookback.data.Normalisation;
import dev.lookback.data.Vocabulary;
import dev.lookback.score.LineScore;
import dev.lookback.score.Scorer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Scores the lines of files, one file after another. */
public final class LineScoring {
  /** Where the state begins afresh. */
  public enum Reset {
    /** At every line: lines are scored each by itself. */
    LINE,
    /** At every file: the state is carried from line to line. */
    FILE,
    /** Nowhere: the state is carried from file to file too. */
    NEVER
  }

  // Lines read before they are scored side by side.
  private static final int BATCH = 1024;

  private final Scorer scorer;
  private final Scorer.Stream stream;
  private final Reading reading;
  private final Reset reset;
  private final int batch;
  private long damaged;
  private long cut;

  // A model that learned from lines that end with CR LF waits for the CR.
  private record Reading(Normalisation normalisation, boolean keepsReturns) {}

  private LineScoring(Scorer scorer, Reading reading, Reset reset, int batch) {
    this.scorer = scorer;
    this.stream = scorer.stream();
    this.reading = reading;
    this.reset = reset;
    this.batch = batch;
  }

  /**
   * A scoring that reads lines in batches, which is faster.
   *
   * @param vocabulary the scorer's
   * @param normalisation what was done to the text that the model learned from
   */
  public static LineScoring of(
      Scorer scorer, Vocabulary vocabulary, Normalisation normalisation, Reset reset) {
    boolean keepsReturns = vocabulary.contains('\r');
    return new LineScoring(scorer, new Reading(normalisation, keepsReturns), reset, BATCH);
  }

  /** The same that scores each line as soon as it is read. */
  public LineScoring atOnce() {
    return new LineScoring(scorer, reading, reset, 1);
  }

  /** Scores the lines of a file in their order. */
  public void read(String file, InputStream in, Consumer<ScoredLine> to) throws IOException {
    begin();
    TextLines lines = new TextLines(in, reading.keepsReturns());
    List<String> waiting = new ArrayList<>();
    long number = 1;
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      waiting.add(line.get());
      if (waiting.size() == batch) {
        number = pass(file, number, waiting, to);
      }
    }
    pass(file, number, waiting, to);
    damaged += lines.damaged();
    cut += lines.cut();
  }

  private long pass(String file, long first, List<String> lines, Consumer<ScoredLine> to) {
    List<String> normalised = lines.stream().map(reading.normalisation()::apply).toList();
    lines.clear();
    List<LineScore> scores = scores(normalised);
    for (int i = 0; i < scores.size(); i++) {
      String shown = TextLines.withoutReturn(normalised.get(i));
      to.accept(new ScoredLine(file, first + i, shown, scores.get(i)));
    }
    return first + scores.size();
  }

  /**
   * The excess of each of these lines, normalised already, as if they were all there is: nothing is
   * carried from them to the lines of files.
   */
  public double[] excess(List<String> lines) {
    LineScoring own = new LineScoring(scorer, reading, reset, batch);
    return own.scores(lines).stream().mapToDouble(LineScore::excess).toArray();
  }

  private void begin() {
    if (reset == Reset.FILE) {
      stream.reset();
    }
  }

  private List<LineScore> scores(List<String> lines) {
    return reset == Reset.LINE ? scorer.score(lines) : lines.stream().map(stream::score).toList();
  }

  /** How many lines so far had bytes that are no UTF-8. */
  public long damaged() {
    return damaged;
  }

  /** How many lines so far were cut for their length. */
  public long cut() {
    return cut;
  }
}
