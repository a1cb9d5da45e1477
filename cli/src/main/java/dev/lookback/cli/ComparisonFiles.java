package dev.lookback.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.lookback.analysis.Audit;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A comparison's numbers as CSV, run by run: its curves, its results, its audits.
 *
 * @param contenders what was compared
 * @param firstSeed of the runs, whose seeds follow each other
 */
record ComparisonFiles(List<Contender> contenders, long firstSeed) {
  private static final String ALL = "all";

  /** A row for each point of each run's curve. */
  String curves() {
    return csv(
        List.of(
            "coupling",
            "seed",
            "update",
            "epoch",
            "tokens",
            "seconds",
            "training_loss",
            "validation_loss",
            "validation_perplexity",
            "gradient_norm"),
        (c, run, begin, csv) -> {
          for (CurvePoint p : run.curve()) {
            List<String> row = new ArrayList<>(begin);
            row.add(Long.toString(p.update()));
            row.add(Long.toString(p.epoch()));
            row.add(Long.toString(p.tokens()));
            row.add(number(p.seconds()));
            row.add(number(p.training()));
            row.add(number(p.validation()));
            row.add(c.score().perplexity() ? number(Math.exp(p.validation())) : "");
            row.add(number(p.gradientNorm()));
            csv.writeRecord(row);
          }
        });
  }

  /** A row for each coupling and seed, with every number of the run at its end. */
  String summary() {
    List<String> heading = new ArrayList<>(List.of("coupling", "seed"));
    heading.addAll(ComparisonTable.FIELDS.keySet());
    return csv(
        heading,
        (c, run, begin, csv) -> {
          List<String> row = new ArrayList<>(begin);
          ComparisonTable.FIELDS.forEach(
              (name, value) -> {
                boolean none = name.endsWith("perplexity") && !c.score().perplexity();
                row.add(none ? "" : number(value.applyAsDouble(run)));
              });
          csv.writeRecord(row);
        });
  }

  /**
   * A row for each audit of each run over all weights, and one for each tensor. {@code done} is the
   * fraction of the training before it.
   */
  String audits() {
    return csv(
        List.of(
            "coupling",
            "seed",
            "done",
            "draws",
            "tensor",
            "relative_bias",
            "relative_bias_error",
            "variance",
            "cosine",
            "descends"),
        (c, run, begin, csv) -> {
          for (Contender.Moment moment : run.moments()) {
            List<String> audit = new ArrayList<>(begin);
            audit.add(number(moment.done()));
            audit.add(Integer.toString(moment.report().draws()));
            csv.writeRecord(finding(audit, ALL, moment.report().all()));
            for (Audit.Part part : moment.report().parts()) {
              csv.writeRecord(finding(audit, part.tensor(), part.finding()));
            }
          }
        });
  }

  private static List<String> finding(List<String> begin, String tensor, Audit.Finding finding) {
    List<String> row = new ArrayList<>(begin);
    row.add(tensor);
    row.add(number(finding.relativeBias()));
    row.add(number(finding.standardError()));
    row.add(number(finding.variance()));
    row.add(number(finding.cosine()));
    row.add(number(finding.descends()));
    return row;
  }

  /** Writes a run's rows, which begin with its coupling and seed. */
  private interface Rows {
    void write(Contender contender, Contender.Run run, List<String> begin, CsvWriter csv);
  }

  private String csv(List<String> heading, Rows rows) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      csv.writeRecord(heading);
      for (Contender c : contenders) {
        for (int s = 0; s < c.runs().size(); s++) {
          List<String> begin = List.of(c.label(), Long.toString(firstSeed + s));
          rows.write(c, c.runs().get(s), begin, csv);
        }
      }
    } catch (IOException e) {
      throw Failure.running("a comparison's CSV could not be made: " + e.getMessage(), e);
    }
    return text.toString();
  }

  // What is not finite is an empty cell, which every reader of CSV takes for missing.
  private static String number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
    return !Double.isFinite(value) ? "" : whole ? Long.toString((long) value) : value + "";
  }
}
