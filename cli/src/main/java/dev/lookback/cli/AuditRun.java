package dev.lookback.cli;

import dev.lookback.analysis.Audit;
import dev.lookback.analysis.LagProfile;
import dev.lookback.analysis.Sample;
import dev.lookback.analysis.TruncationAudit;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Trace;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Measures all that an audit shows, one coupling after the other. */
final class AuditRun {
  // Between the lengths that meet and miss a tolerance, this part of the length is left open.
  private static final int GRAIN = 32;
  private static final int SHORTEST_MEAN = 4;

  private final Network network;
  private final Weights weights;
  private final List<Sample> samples;
  private final Team team;
  private final Wanted wanted;
  private final EnumMap<Truncation, SortedMap<Integer, TruncationAudit.Report>> truncations =
      new EnumMap<>(Truncation.class);
  private OptionalInt tooLong = OptionalInt.empty();

  /**
   * What is asked for.
   *
   * @param couplings beside those that are always measured
   * @param draws of a random coupling
   * @param bias the tolerance whose length is searched for
   * @param seed of the draws
   * @param memory how many bytes of activations there may be
   */
  record Wanted(List<Coupling> couplings, int draws, double bias, long seed, Memory memory) {}

  AuditRun(Network network, Weights weights, List<Sample> samples, Team team, Wanted wanted) {
    this.network = network;
    this.weights = weights;
    this.samples = samples;
    this.team = team;
    this.wanted = wanted;
    for (Truncation truncation : Truncation.values()) {
      truncations.put(truncation, new TreeMap<>());
    }
  }

  private int steps() {
    return samples.get(0).window().steps();
  }

  /** Everything. */
  AuditResult measure(AuditResult.Setting setting, Terminal terminal) {
    Trace.in(weights)
        .ifPresent(
            bad -> {
              throw Failure.input(
                  bad + " but gradients need finite weights: training diverged. Use another model");
            });
    List<Coupling> random = random();
    int total = 2 + 3 * ladder().size() + random.size() * wanted.draws();
    try (Watch watch = new Watch(terminal, total)) {
      LagProfile lags = LagProfile.of(network, weights, samples, team, wanted.memory());
      TruncationAudit audit = new TruncationAudit(network, weights, samples, team, wanted.memory());
      requireRoom(audit);
      if (!Double.isFinite(audit.exactNorm())) {
        throw Failure.input(
            "the exact gradient over "
                + steps()
                + " steps is not finite: this model's credit grows with every step it goes back,"
                + " and there is nothing to compare with. Lower --steps");
      }
      watch.done(2, "the exact gradient");
      for (int k : ladder()) {
        for (Truncation truncation : Truncation.values()) {
          if (fits(audit, truncation, k)) {
            measure(audit, truncation, k);
          }
          watch.done(1, truncation.label(k));
        }
      }
      for (Truncation truncation : Truncation.values()) {
        search(audit, truncation, watch);
      }
      matchMemory(audit);
      watch.done(ladder().size(), "fixed, of the same memory");
      List<TruncationAudit.Report> others = new ArrayList<>();
      for (Coupling coupling : wanted.couplings()) {
        if (!coupling.isDrawn()) {
          others.add(audit.measure(coupling));
        }
      }
      List<AuditResult.Drawn> drawn = new ArrayList<>();
      Audit drawing = new Audit(network, weights, samples, team, wanted.memory());
      for (Coupling coupling : random) {
        drawn.add(draw(drawing, coupling));
        watch.done(wanted.draws(), coupling.label());
      }
      TruncationAudit.Report full = audit.measure(Coupling.full());
      long peak =
          Math.max(
              lags.peakActivationBytes(),
              Math.max(audit.peakActivationBytes(), drawing.peakActivationBytes()));
      AuditResult.Room room = new AuditResult.Room(wanted.memory(), peak, tooLong);
      return new AuditResult(
          setting, audit.exactNorm(), lags, full, truncations, others, drawn, room);
    }
  }

  // Before hours go into the others.
  private void requireRoom(TruncationAudit audit) {
    for (Coupling coupling : wanted.couplings()) {
      if (!audit.fits(coupling)) {
        throw Failure.usage(
            coupling.label()
                + " of --couplings remembers more than --memory has room for: sweeps that overlap"
                + " are not computed again. Use a shorter one or more memory");
      }
    }
  }

  private boolean fits(TruncationAudit audit, Truncation truncation, int k) {
    boolean fits = audit.fits(truncation.coupling(k));
    if (!fits && (tooLong.isEmpty() || k < tooLong.getAsInt())) {
      tooLong = OptionalInt.of(k);
    }
    return fits;
  }

  /** 1, 2, 4 and on, below the horizon. */
  private List<Integer> ladder() {
    List<Integer> lengths = new ArrayList<>();
    for (long k = 1; k < steps(); k *= 2) {
      lengths.add((int) k);
    }
    return lengths;
  }

  private TruncationAudit.Report measure(TruncationAudit audit, Truncation truncation, int k) {
    return truncations
        .getOrDefault(truncation, new TreeMap<>())
        .computeIfAbsent(k, length -> audit.measure(truncation.coupling(length)));
  }

  // Between the last power of two that misses the tolerance and the first that meets it, or that
  // there is no room for.
  private void search(TruncationAudit audit, Truncation truncation, Watch watch) {
    int misses = 0;
    int meets = steps();
    for (int k : ladder()) {
      if (!fits(audit, truncation, k) || meets(measure(audit, truncation, k))) {
        meets = k;
        break;
      }
      misses = k;
    }
    while (meets - misses > Math.max(1, meets / GRAIN)) {
      int middle = (misses + meets) / 2;
      if (!fits(audit, truncation, middle) || meets(measure(audit, truncation, middle))) {
        meets = middle;
      } else {
        misses = middle;
      }
      watch.done(0, truncation.label(middle));
    }
  }

  // What fixed truncation does with the memory of each length that the search looked at.
  private void matchMemory(TruncationAudit audit) {
    for (int k :
        List.copyOf(truncations.getOrDefault(Truncation.EVERY_LOSS, new TreeMap<>()).keySet())) {
      if (2 * k - 1 < steps()) {
        measure(audit, Truncation.FIXED, 2 * k - 1);
      }
    }
  }

  private boolean meets(TruncationAudit.Report report) {
    return report.all().relativeBias().value() <= wanted.bias();
  }

  private List<Coupling> random() {
    List<Coupling> random = new ArrayList<>();
    for (int mean = SHORTEST_MEAN; mean <= steps() / 2; mean *= 2) {
      random.add(Coupling.random(mean));
    }
    for (Coupling coupling : wanted.couplings()) {
      boolean known = random.stream().anyMatch(c -> c.label().equals(coupling.label()));
      if (coupling.isDrawn() && !known) {
        random.add(coupling);
      }
    }
    return random;
  }

  private AuditResult.Drawn draw(Audit audit, Coupling coupling) {
    Randomness randomness = Randomness.of(wanted.seed()).with("audit");
    int longest = 0;
    for (int r = 0; r < wanted.draws(); r++) {
      for (int i = 0; i < samples.size(); i++) {
        int lanes = samples.get(i).window().lanes();
        Randomness draw = randomness.with(r).with(i);
        longest = Math.max(longest, coupling.couple(steps(), lanes, draw).longestSegment());
      }
    }
    return new AuditResult.Drawn(
        coupling,
        audit.measure(coupling, wanted.draws(), randomness),
        longest,
        coupling.lagCoverage(steps()));
  }

  /** How far the audit is. */
  private static final class Watch implements AutoCloseable {
    private final Progress progress;
    private final Progress.Part whole;
    private final long total;
    private final long start = System.nanoTime();
    private long done;

    Watch(Terminal terminal, long total) {
      this.progress = new Progress(terminal, "audit");
      this.whole = progress.whole();
      this.total = total;
    }

    void done(int more, String what) {
      done += more;
      if (whole.isDue()) {
        whole.at(done, total, (System.nanoTime() - start) * 1e-9, what);
      }
    }

    @Override
    public void close() {
      progress.close();
    }
  }
}
