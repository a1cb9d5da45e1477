package dev.lookback.cli;

import dev.lookback.data.Sampling;
import dev.lookback.gradient.Coupling;
import dev.lookback.train.StatePolicy;
import dev.lookback.train.Stride;
import dev.lookback.train.Trainer;
import dev.lookback.window.Links;
import java.util.Optional;

/**
 * What a training's coupling comes to on a stream, and over which horizon that is to be seen. A
 * window's start cuts the way back wherever the coupling does not slide through it: training with
 * full on windows of T steps is fixed truncation at T as far as the stream is concerned.
 *
 * @param coupling over the horizon
 * @param label what it is called
 * @param horizon the steps of the exact gradient
 * @param least the shortest horizon on which anything is to be seen
 */
record AuditedCoupling(Coupling coupling, String label, int horizon, int least) {
  private static final int LANES = 4;
  private static final int FEWEST_WINDOWS = 2;

  static AuditedCoupling of(Trainer trainer, Material material, LoopOptions loop) {
    int steps = loop.steps();
    if (!(trainer.policy() instanceof Coupling coupling)) {
      throw Failure.usage(
          "--audit-every does not go with "
              + trainer.policy().label()
              + ", which measures as it goes: what it chose and the bound on its bias are in"
              + " run.json and report.html. Leave --audit-every out");
    }
    boolean streams = trainer.state() == StatePolicy.CARRY;
    if (!streams || (coupling instanceof Coupling.Randomised && trainer.stride() != Stride.OWN)) {
      return new AuditedCoupling(coupling, coupling.label(), steps, steps);
    }
    boolean own = trainer.stride() == Stride.OWN;
    int reach = reach(coupling, own, steps);
    int horizon = Math.multiplyExact(steps, Math.max(1, (4 * reach + steps - 1) / steps));
    int least = Math.multiplyExact(steps, Math.max(1, (2 * reach + steps - 1) / steps));
    AuditedCoupling wanted = new AuditedCoupling(coupling, coupling.label(), horizon, least);
    return wanted.fitted(material, loop).cut(own, steps);
  }

  private static int reach(Coupling coupling, boolean own, int steps) {
    if (coupling instanceof Coupling.Fixed fixed) {
      return own ? fixed.tau() : Math.min(fixed.tau(), steps);
    } else if (coupling instanceof Coupling.Sliding sliding) {
      return sliding.k2();
    } else if (coupling instanceof Coupling.Randomised random) {
      return (int) Math.ceil(random.mean());
    }
    return steps;
  }

  // As long a horizon as the held-out windows allow.
  private AuditedCoupling fitted(Material material, LoopOptions loop) {
    for (int shorter = horizon; shorter > least; shorter -= loop.steps()) {
      if (enough(material.lanes(FEWEST_WINDOWS, loop.batch(), shorter))) {
        return new AuditedCoupling(coupling, label, shorter, least);
      }
    }
    return new AuditedCoupling(coupling, label, least, least);
  }

  private static boolean enough(Optional<Sampling> windows) {
    return windows.isPresent() && windows.get().epoch(0).windows() >= FEWEST_WINDOWS;
  }

  private AuditedCoupling cut(boolean own, int steps) {
    int tau = coupling instanceof Coupling.Fixed fixed ? fixed.tau() : steps;
    if (coupling instanceof Coupling.Fixed && own) {
      return this;
    } else if (coupling instanceof Coupling.Fixed || coupling instanceof Coupling.Full) {
      float[] xi = new float[horizon];
      for (int t = 0; t < horizon; t++) {
        xi[t] = t > 0 && (t % steps) % tau == 0 ? 0 : 1;
      }
      return new AuditedCoupling(Coupling.given(Links.shared(xi)), label, horizon, least);
    }
    return this;
  }

  /** The windows to measure on. */
  HeldOut heldOut(Material material, StatePolicy state, LoopOptions loop) {
    int lanes = Math.min(LANES, loop.batch());
    if (!enough(material.lanes(FEWEST_WINDOWS, lanes, horizon))) {
      throw Failure.usage(
          "--audit-every needs held-out text for "
              + FEWEST_WINDOWS
              + " windows of "
              + horizon
              + " steps, but "
              + material.name()
              + " does not leave so much for validation. Lower --steps or the coupling's length,"
              + " give validation more with --split, or leave --audit-every out");
    }
    return new HeldOut(count -> material.lanes(count, lanes, horizon), state);
  }
}
