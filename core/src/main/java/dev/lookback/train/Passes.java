package dev.lookback.train;

import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Team;
import dev.lookback.weights.Snapshot;
import java.util.Map;
import java.util.TreeMap;

/**
 * The passes of a training, one for each number of lanes: the last window of an epoch may have
 * fewer than the others. Counts what those did that it has given up.
 */
final class Passes {
  private final Trainer trainer;
  private final Sampling sampling;
  private final Memory memory;
  private final Team team;
  private final Map<Integer, Pass> passes = new TreeMap<>();
  private long retiredPeak;
  private long retiredSteps;

  /**
   * None yet.
   *
   * @param memory what the passes may use together
   */
  Passes(Trainer trainer, Sampling sampling, Memory memory, Team team) {
    this.trainer = trainer;
    this.sampling = sampling;
    this.memory = memory;
    this.team = team;
  }

  /** The pass for so many lanes. */
  Pass of(int lanes, Coupling coupling) {
    // Within a budget there is one pass at a time: two would have it twice.
    if (memory.budget().isPresent() && !passes.containsKey(lanes)) {
      passes.values().forEach(this::retire);
      passes.clear();
    }
    return passes.computeIfAbsent(lanes, count -> fresh(count, coupling));
  }

  private Pass fresh(int lanes, Coupling coupling) {
    int blockSteps = blocks(coupling).within(lanes).blockSteps();
    Pass pass = new Pass(trainer.network(), lanes, blockSteps, memory, team);
    pass.minimise(trainer.method().lossFor(trainer.network().readout()));
    return pass;
  }

  private Blocks blocks(Coupling coupling) {
    return new Blocks(trainer, coupling, trainer.strided(sampling, coupling), memory);
  }

  /** What the passes may use together. */
  Memory memory() {
    return memory;
  }

  /** The next windows do not go on behind the last ones. */
  void forget() {
    passes.values().forEach(Pass::forget);
  }

  /**
   * Goes on with another coupling: gives up the passes whose blocks do not suit it. What such a
   * pass remembers of the windows before is lost with it, and so the others forget it too: what a
   * gradient is does not depend on blocks, hence not on the memory.
   */
  void suit(Coupling coupling) {
    forget();
    passes.entrySet().removeIf(entry -> retires(entry.getKey(), entry.getValue(), coupling));
  }

  private boolean retires(int lanes, Pass pass, Coupling coupling) {
    boolean retires = blocks(coupling).within(lanes).blockSteps() != pass.blockSteps();
    if (retires) {
      retire(pass);
    }
    return retires;
  }

  private void retire(Pass pass) {
    retiredPeak = Math.max(retiredPeak, pass.peakActivationBytes());
    retiredSteps += pass.computedSteps();
  }

  /** Bytes of all arrays that grow with time, at their most so far. */
  long peakActivationBytes() {
    long used = passes.values().stream().mapToLong(Pass::peakActivationBytes).sum();
    return Math.max(retiredPeak, used);
  }

  /** Steps computed so far, each as often as it was. */
  long computedSteps() {
    return retiredSteps + passes.values().stream().mapToLong(Pass::computedSteps).sum();
  }

  void save(Snapshot.Writer to) {
    to.put("retired_peak", retiredPeak).put("retired_steps", retiredSteps);
    to.put("lanes", passes.keySet().stream().mapToInt(lanes -> lanes).toArray());
    passes.forEach((lanes, pass) -> pass.save(to.under(lanes.toString())));
  }

  /** Fresh passes go on as those that were saved. */
  void restore(Coupling coupling, Snapshot from) {
    for (int lanes : from.ints("lanes")) {
      if (lanes < 1 || lanes > sampling.lanes()) {
        throw new IllegalArgumentException(
            "a pass for " + lanes + " lanes was saved but the data has " + sampling.lanes());
      }
      Pass pass = fresh(lanes, coupling);
      pass.restore(from.under(Integer.toString(lanes)));
      passes.put(lanes, pass);
    }
    retiredPeak = from.whole("retired_peak");
    retiredSteps = from.whole("retired_steps");
  }
}
