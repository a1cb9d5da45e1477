package dev.lookback.gradient;

import dev.lookback.weights.Snapshot;
import dev.lookback.window.Inputs;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.util.Arrays;
import java.util.Optional;

/** A window in a snapshot, array by array. */
public final class SavedWindow {
  private SavedWindow() {}

  /** Puts one. */
  public static void save(Window window, Snapshot.Writer to) {
    int rows = window.steps() * window.lanes();
    to.put("steps", window.steps()).put("lanes", window.lanes());
    if (window.inputs() instanceof Inputs.Tokens tokens) {
      to.put("ids", Arrays.copyOf(tokens.ids(), rows));
    } else if (window.inputs() instanceof Inputs.Dense dense) {
      to.put("width", dense.width());
      to.put("inputs", Arrays.copyOf(dense.values(), rows * dense.width()));
    }
    if (window.targets() instanceof Targets.Classes classes) {
      to.put("classes", Arrays.copyOf(classes.ids(), rows));
    } else if (window.targets() instanceof Targets.Values values) {
      to.put("outputs", values.width());
      to.put("values", Arrays.copyOf(values.values(), rows * values.width()));
    }
    window.reset().ifPresent(reset -> to.put("reset", toInts(reset, rows)));
    window.weight().ifPresent(weight -> to.put("weight", Arrays.copyOf(weight, rows)));
  }

  /** The window that was put. */
  public static Window read(Snapshot from) {
    return new Window(
        from.count("steps"),
        from.count("lanes"),
        from.has("ids")
            ? new Inputs.Tokens(from.ints("ids"))
            : new Inputs.Dense(from.floats("inputs"), from.count("width")),
        from.has("classes")
            ? new Targets.Classes(from.ints("classes"))
            : new Targets.Values(from.floats("values"), from.count("outputs")),
        from.has("reset") ? Optional.of(toBooleans(from.ints("reset"))) : Optional.empty(),
        from.has("weight") ? Optional.of(from.floats("weight")) : Optional.empty());
  }

  private static int[] toInts(boolean[] values, int count) {
    int[] ints = new int[count];
    Arrays.setAll(ints, i -> values[i] ? 1 : 0);
    return ints;
  }

  private static boolean[] toBooleans(int[] values) {
    boolean[] booleans = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      booleans[i] = values[i] != 0;
    }
    return booleans;
  }
}
