package dev.lookback.cli.bench;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.math.Peak;
import dev.lookback.math.Team;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What the times of a workload's steps come to.
 *
 * @param workload what was timed
 * @param mode what a step did
 * @param timing how long the steps took
 * @param machine what they ran on
 */
public record Measurement(Workload workload, Mode mode, Timing timing, Machine machine) {
  private static final double PEAK_SECONDS = 0.5;

  /**
   * What steps ran on.
   *
   * @param threads how many there were
   * @param kernels "scalar", or the SIMD width
   * @param peakGigaflops the most fused multiply-adds that so many threads do, in 10^9 operations a
   *     second
   * @param javaStart when Java started, in milliseconds of the clock on the wall
   */
  public record Machine(int threads, String kernels, double peakGigaflops, long javaStart) {}

  /**
   * Takes the times and then measures the machine: nothing but the steps themselves warms anything
   * up.
   */
  public static Measurement of(
      Workload workload, Mode mode, Timing.Plan plan, Team team, long seed) {
    Timing timing = Timing.of(Step.of(mode, workload, team, seed), plan);
    Machine machine =
        new Machine(
            team.size(),
            team.describe(),
            Peak.gigaflops(team, PEAK_SECONDS),
            ManagementFactory.getRuntimeMXBean().getStartTime());
    return new Measurement(workload, mode, timing, machine);
  }

  private double tokensPerSecond() {
    double tokens = (double) mode.steps(workload) * workload.batch();
    return tokens / timing.medianMillis() * 1000;
  }

  private double gigaflops() {
    return mode.operations(workload) / timing.medianMillis() * 1e-6;
  }

  private double peakFraction() {
    return gigaflops() / machine.peakGigaflops();
  }

  private String input() {
    return workload.dense() ? "dense" : "tokens";
  }

  private long sinceStart(long end) {
    return end - machine.javaStart();
  }

  /** Every number, for machines. */
  public JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("ms_per_step", timing.medianMillis());
    json.addProperty("min_ms", timing.minMillis());
    json.addProperty("p90_ms", timing.p90Millis());
    json.addProperty("tokens_per_second", tokensPerSecond());
    json.addProperty("gflops", gigaflops());
    json.addProperty("peak_fraction", peakFraction());
    json.addProperty("peak_gflops", machine.peakGigaflops());
    json.addProperty("threads", machine.threads());
    json.addProperty("iterations", timing.count());
    json.addProperty("cell", workload.cell().label());
    json.addProperty("vocabulary", workload.vocabulary());
    json.addProperty("hidden", workload.hidden());
    json.addProperty("batch", workload.batch());
    json.addProperty("steps", mode.steps(workload));
    json.addProperty("layers", workload.layers());
    json.addProperty("input", input());
    json.addProperty("mode", mode.label());
    json.addProperty("kernels", machine.kernels());
    json.addProperty("java", System.getProperty("java.version"));
    json.addProperty("first_ms", sinceStart(timing.firstEnd()));
    json.add("tenth_ms", JsonNull.INSTANCE);
    timing.tenthEnd().ifPresent(end -> json.addProperty("tenth_ms", sinceStart(end)));
    json.add("loss", JsonNull.INSTANCE);
    timing.loss().ifPresent(loss -> json.addProperty("loss", loss));
    return json;
  }

  /** The same for people, in 80 columns. */
  public String text() {
    Table times =
        Table.of(
                Column.text("a step"),
                Column.number("median", "ms"),
                Column.number("min", "ms"),
                Column.number("p90", "ms"),
                Column.number("tokens/s"),
                Column.number("GFLOP/s"),
                Column.number("of the peak"))
            .row(
                mode == Mode.TRAIN ? "training" : "prediction",
                Numbers.significant(timing.medianMillis(), 4),
                Numbers.significant(timing.minMillis(), 4),
                Numbers.significant(timing.p90Millis(), 4),
                Numbers.compact(tokensPerSecond()),
                Numbers.significant(gigaflops(), 3),
                Numbers.percent(peakFraction()));
    return String.format(
        Locale.ROOT,
        "%s%n%s%n%n%s%n%s%n%s%n",
        network(),
        fed(),
        TerminalTable.render(times),
        peak(),
        start());
  }

  private String network() {
    return String.format(
        Locale.ROOT,
        "%s, %s of %s, vocabulary %s",
        workload.cell().label(),
        count(workload.layers(), "layer"),
        count(workload.hidden(), "unit"),
        Numbers.count(workload.vocabulary()));
  }

  private String fed() {
    return String.format(
        Locale.ROOT,
        "%s, %s of %s, %s; Java %s",
        count(timing.count(), "step").replace("step", "measured step"),
        count(workload.batch(), "stream"),
        count(mode.steps(workload), "step"),
        input(),
        System.getProperty("java.version"));
  }

  private String peak() {
    return String.format(
        Locale.ROOT,
        "Peak: %s GFLOP/s, fused multiply-adds on registers, %s, %s.",
        Numbers.significant(machine.peakGigaflops(), 3),
        count(machine.threads(), "thread"),
        machine.kernels());
  }

  private String start() {
    String first = "Since Java started: first step after " + duration(timing.firstEnd());
    OptionalLong tenth = timing.tenthEnd();
    return first + (tenth.isPresent() ? ", tenth after " + duration(tenth.getAsLong()) : "") + ".";
  }

  private String duration(long end) {
    return Numbers.duration(sinceStart(end) / 1000.0);
  }

  private static String count(int number, String what) {
    return Numbers.count(number) + " " + what + (number == 1 ? "" : "s");
  }
}
