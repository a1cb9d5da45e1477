package dev.lookback.optim;

import dev.lookback.optim.ClipByNorm.Clipping;
import dev.lookback.weights.Layout;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** An {@link Optimizer} at work on one network's weights: its running state. For one thread. */
public final class Updater {
  private final Layout layout;
  private final Rate rate;
  private final Rewrite.Stage[] stages;
  private long updates;
  private double norm;
  private boolean clipped;

  Updater(Optimizer optimizer, Layout layout) {
    this.layout = layout;
    this.rate = optimizer.rate();
    List<Rewrite.Stage> started = new ArrayList<>();
    for (Rewrite rewrite : optimizer.rewrites()) {
      started.add(rewrite.start(layout));
    }
    this.stages = started.toArray(new Rewrite.Stage[0]);
  }

  /**
   * One update: changes the weights in place. Allocates nothing.
   *
   * @param weights the weights
   * @param gradient the gradient of the loss; used as scratch
   * @throws ArithmeticException if the gradient holds a NaN or an infinity; weights and state are
   *     then as they were, and {@link #lastGradientNorm()} is that of the last good update
   */
  public void step(Weights weights, Weights gradient) {
    require("weights", weights);
    require("gradient", gradient);
    double norm = gradient.norm();
    // Squares of floats cannot overflow a double: only a bad number makes the norm one.
    if (!Double.isFinite(norm)) {
      throw new ArithmeticException(
          "the norm of the gradient is "
              + norm
              + " at update "
              + updates
              + "; the weights were left as they were. Lower the learning rate or clip");
    }
    double lr = rate.at(updates);
    if (!(lr >= 0 && lr <= Float.MAX_VALUE)) {
      throw new IllegalStateException(
          "the learning rate is " + lr + " at update " + updates + " but has to be 0 or more");
    }
    boolean clipped = false;
    for (int s = 0; s < stages.length; s++) {
      if (s == 0 && stages[s] instanceof Clipping clipping) {
        clipping.rewrite(gradient, norm);
      } else {
        stages[s].rewrite(gradient, weights, updates);
      }
      clipped |= stages[s] instanceof Clipping clipping && clipping.clipped();
    }
    descend(weights.values(), gradient.values(), (float) lr);
    this.norm = norm;
    this.clipped = clipped;
    updates++;
  }

  private static void descend(float[] w, float[] g, float lr) {
    for (int i = 0; i < w.length; i++) {
      w[i] -= lr * g[i];
    }
  }

  /** How many updates there were. */
  public long updates() {
    return updates;
  }

  /** The rate of the update to come. */
  public double nextRate() {
    return rate.at(updates);
  }

  /** The norm of the last step's gradient as it came, before clipping; 0 before the first step. */
  public double lastGradientNorm() {
    return norm;
  }

  /** Whether the last step's gradient was clipped. */
  public boolean wasClipped() {
    return clipped;
  }

  /** A copy of everything that the updates to come depend on. */
  public State save() {
    SortedMap<String, float[]> copies = new TreeMap<>();
    live().forEach((name, values) -> copies.put(name, values.clone()));
    return new State(updates, copies);
  }

  /**
   * Takes over a saved state: the updates to come are then, bit for bit, those that followed {@link
   * #save()}.
   *
   * @throws IllegalArgumentException if it was saved by another optimizer or for another layout
   */
  public void restore(State state) {
    Map<String, float[]> live = live();
    if (!live.keySet().equals(state.arrays().keySet())) {
      throw new IllegalArgumentException(
          "the saved state holds "
              + state.arrays().keySet()
              + " but this optimizer needs "
              + live.keySet());
    }
    live.forEach(
        (name, values) -> {
          int found = state.arrays().getOrDefault(name, values).length;
          if (found != values.length) {
            throw new IllegalArgumentException(
                name + " holds " + found + " numbers but these weights need " + values.length);
          }
        });
    live.forEach(
        (name, values) ->
            System.arraycopy(
                state.arrays().getOrDefault(name, values), 0, values, 0, values.length));
    updates = state.updates();
  }

  /** Puts {@link #save()} and what is known of the last update. */
  public void save(Snapshot.Writer to) {
    to.put("updates", updates).put("norm", norm).put("clipped", clipped);
    live().forEach(to.under("state")::put);
    to.put("names", String.join("\n", live().keySet()));
  }

  /**
   * Takes over what was put.
   *
   * @throws IllegalArgumentException if it was saved by another optimizer or for another layout
   */
  public void restore(Snapshot from) {
    SortedMap<String, float[]> arrays = new TreeMap<>();
    String names = from.word("names");
    for (String name : names.isEmpty() ? new String[0] : names.split("\n", -1)) {
      arrays.put(name, from.under("state").floats(name));
    }
    restore(new State(from.whole("updates"), arrays));
    norm = from.decimal("norm");
    clipped = from.truth("clipped");
  }

  /** The stage's place in the chain is part of the name: a chain may hold two of a kind. */
  private SortedMap<String, float[]> live() {
    SortedMap<String, float[]> live = new TreeMap<>();
    for (int s = 0; s < stages.length; s++) {
      int place = s;
      stages[s].state().forEach((name, values) -> live.put(place + "." + name, values));
    }
    return live;
  }

  // equals of two lists allocates an iterator; almost always it is the same layout.
  @SuppressWarnings("ReferenceEquality")
  private void require(String what, Weights found) {
    if (found.layout() != layout && !found.layout().equals(layout)) {
      throw new IllegalArgumentException(
          what + " has the layout " + found.layout() + " but the updater needs " + layout);
    }
  }

  /**
   * What an updater remembers.
   *
   * @param updates how many updates there were
   * @param arrays running means and the like, by place in the chain and name, such as {@code
   *     1.adam.m}; each has a number for each weight, in the order of the weights
   */
  public record State(long updates, Map<String, float[]> arrays) {
    /** Checks the count. */
    public State {
      if (updates < 0) {
        throw new IllegalArgumentException(
            "the saved state counts " + updates + " updates but needs 0 or more");
      }
    }
  }
}
