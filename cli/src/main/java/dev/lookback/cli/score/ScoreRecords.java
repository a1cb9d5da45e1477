package dev.lookback.cli.score;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.lookback.score.LineScore;
import dev.lookback.score.Threshold;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Ranked lines for other programs: with all digits, and the text as it is. */
public final class ScoreRecords {
  private ScoreRecords() {}

  /** All of a ranking as one object. */
  public static JsonObject json(Ranking ranking, String reset, Optional<Threshold> threshold) {
    JsonObject json = new JsonObject();
    json.addProperty("lines", ranking.lines());
    json.addProperty("reset_per", reset);
    threshold.ifPresent(
        limit -> {
          JsonObject of = new JsonObject();
          of.addProperty("excess", limit.excess());
          of.addProperty("share", limit.share());
          of.addProperty("usual_lines", limit.lines());
          json.add("threshold", of);
          json.addProperty("above", ranking.above());
        });
    JsonArray ranked = new JsonArray();
    List<ScoredLine> lines = ranking.ranked();
    for (int i = 0; i < lines.size(); i++) {
      JsonObject line = new JsonObject();
      line.addProperty("rank", i + 1);
      fields(lines.get(i), line);
      ranked.add(line);
    }
    json.add("ranked", ranked);
    return json;
  }

  /** A line on its own as one object. */
  public static JsonObject json(ScoredLine line) {
    JsonObject json = new JsonObject();
    fields(line, json);
    return json;
  }

  private static void fields(ScoredLine line, JsonObject json) {
    LineScore score = line.score();
    json.addProperty("file", line.file());
    json.addProperty("line", line.number());
    json.addProperty("excess", score.excess());
    json.addProperty("nats", score.total());
    json.addProperty("nats_per_character", score.mean());
    json.addProperty("text", line.text());
    JsonArray each = new JsonArray();
    for (double nats : score.nats()) {
      each.add(nats);
    }
    json.add("nats_of_characters", each);
  }

  /** A ranking as CSV with a heading. */
  public static String csv(Ranking ranking) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      csv.writeRecord("rank", "file", "line", "excess", "nats", "nats_per_character", "text");
      List<ScoredLine> lines = ranking.ranked();
      for (int i = 0; i < lines.size(); i++) {
        ScoredLine line = lines.get(i);
        csv.writeRecord(
            Integer.toString(i + 1),
            line.file(),
            Long.toString(line.number()),
            Double.toString(line.score().excess()),
            Double.toString(line.score().total()),
            Double.toString(line.score().mean()),
            line.text());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
