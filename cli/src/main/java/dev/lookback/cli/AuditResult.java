package dev.lookback.cli;

import dev.lookback.analysis.Audit;
import dev.lookback.analysis.LagProfile;
import dev.lookback.analysis.TruncationAudit;
import dev.lookback.cli.report.Numbers;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.LagCoverage;
import dev.lookback.gradient.Memory;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an audit measured.
 *
 * @param setting on what
 * @param exactNorm |g|
 * @param lags how far back the last loss of a window reaches
 * @param full the exact gradient, with its cost and its variance between windows
 * @param truncations for each way to truncate what each length gave
 * @param others couplings that were asked for and draw nothing
 * @param drawn random couplings
 * @param room what the audit itself took
 */
record AuditResult(
    Setting setting,
    double exactNorm,
    LagProfile lags,
    TruncationAudit.Report full,
    EnumMap<Truncation, SortedMap<Integer, TruncationAudit.Report>> truncations,
    List<TruncationAudit.Report> others,
    List<Drawn> drawn,
    Room room) {

  /**
   * What was measured on.
   *
   * @param model the file
   * @param data the text's name
   * @param steps the horizon
   * @param windows how many
   * @param lanes streams of a window
   */
  record Setting(String model, String data, int steps, int windows, int lanes) {}

  /**
   * A random coupling's findings.
   *
   * @param coupling drawn from
   * @param report of the draws
   * @param longestSegment the most steps any draw had to remember
   * @param lags how many steps the losses look back over, by the law of the draws
   */
  record Drawn(Coupling coupling, Audit.Report report, int longestSegment, LagCoverage lags) {}

  /**
   * The audit's own memory.
   *
   * @param memory its budget
   * @param peakActivationBytes what it took
   * @param tooLong the shortest length of every-loss-at-least that was looked at and had no room
   */
  record Room(Memory memory, long peakActivationBytes, OptionalInt tooLong) {

    /** Such as 12.3 MiB at most, within 16 MiB. */
    String sentence() {
      return Numbers.bytes(peakActivationBytes)
          + " at most"
          + (memory.budget().isPresent() ? ", within " + Numbers.bytes(memory.bytes()) : "");
    }
  }

  Optional<TruncationAudit.Report> of(Truncation truncation, int k) {
    return Optional.ofNullable(lengths(truncation).get(k));
  }

  SortedMap<Integer, TruncationAudit.Report> lengths(Truncation truncation) {
    return truncations.getOrDefault(truncation, new TreeMap<>());
  }

  /** How well these windows determine the exact gradient: its standard error over |g|. */
  double uncertainty() {
    return Math.sqrt(full.all().variance() / setting.windows());
  }

  /**
   * How many draws of a random coupling have to be averaged until they are no noisier than the
   * exact gradient is from one window to the next.
   *
   * @param variance of a draw over all windows
   * @param between variance of the exact gradient between windows
   */
  double drawsToNoise(double variance, double between) {
    // A draw of one window has the variance of all windows' mean times their number.
    return variance == 0 ? 1 : Math.max(1, Math.ceil(variance * setting.windows() / between));
  }
}
