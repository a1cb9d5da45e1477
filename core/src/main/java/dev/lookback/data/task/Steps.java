package dev.lookback.data.task;

import java.util.Arrays;

/** The steps of a unit, as a {@link Task} writes them. Reused from unit to unit. */
public final class Steps {
  private final Form form;
  private int[] ids = new int[0];
  private int[] targets = new int[0];
  private float[] inputs = new float[0];
  private float[] values = new float[0];
  private float[] weights = new float[0];
  private int count;

  /** Room for steps of this form. */
  public Steps(Form form) {
    this.form = form;
  }

  /** Forgets all steps. */
  public void clear() {
    count = 0;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Adds a step that reads a token and has a class as its target. */
  public void add(int id, int target, float weight) {
    require(form.tokens(), "a token");
    grow();
    ids[count] = id;
    targets[count] = target;
    weights[count++] = weight;
  }

  /** The same with weight 1. */
  public void add(int id, int target) {
    add(id, target, 1);
  }

  /** Adds a step that reads a row of numbers and has values as its target; both are copied. */
  public void add(float[] row, float[] target, float weight) {
    require(!form.tokens(), "a row of numbers");
    grow();
    System.arraycopy(row, 0, inputs, count * form.inputs(), form.inputs());
    System.arraycopy(target, 0, values, count * form.outputs(), form.outputs());
    weights[count++] = weight;
  }

  private void require(boolean fits, String what) {
    if (!fits) {
      throw new IllegalStateException("the task's form is " + form + ", which takes not " + what);
    }
  }

  private void grow() {
    if (count < weights.length) {
      return;
    }
    int room = Math.max(16, 2 * count);
    weights = Arrays.copyOf(weights, room);
    if (form.tokens()) {
      ids = Arrays.copyOf(ids, room);
      targets = Arrays.copyOf(targets, room);
    } else {
      inputs = Arrays.copyOf(inputs, Math.multiplyExact(room, form.inputs()));
      values = Arrays.copyOf(values, Math.multiplyExact(room, form.outputs()));
    }
  }

  /** The token that a step reads. */
  public int id(int step) {
    return ids[step];
  }

  /** The class that is its target. */
  public int target(int step) {
    return targets[step];
  }

  /** Its weight. */
  public float weight(int step) {
    return weights[step];
  }

  /** Puts the row that a step reads into {@code into} from {@code at} on. */
  public void copyInputs(int step, float[] into, int at) {
    System.arraycopy(inputs, step * form.inputs(), into, at, form.inputs());
  }

  /** Puts the values that are its target into {@code into} from {@code at} on. */
  public void copyValues(int step, float[] into, int at) {
    System.arraycopy(values, step * form.outputs(), into, at, form.outputs());
  }
}
