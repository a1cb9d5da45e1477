package dev.lookback.network;

import dev.lookback.cell.Cell;
import dev.lookback.cell.Sizes;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import java.util.Arrays;
import java.util.List;

/**
 * What every layer carries from one window to the next: for each layer the planes {@code [B, H]} of
 * its state, h first. Mutable; a pass starts from it and leaves the last step's state in it.
 */
public final class State {
  private final float[][][] planes;
  private final int lanes;

  private State(float[][][] planes, int lanes) {
    this.planes = planes;
    this.lanes = lanes;
  }

  /** How streams begin: zero, or the initial state that the network has learned. */
  public static State initial(Network network, Weights weights, int lanes) {
    State state = zeros(network, lanes);
    state.begin(network, weights);
    return state;
  }

  /**
   * All zero.
   *
   * @throws IllegalArgumentException if no array could hold so many lanes
   */
  public static State zeros(Network network, int lanes) {
    float[][][] planes = new float[network.cells().size()][][];
    for (int l = 0; l < planes.length; l++) {
      Cell cell = network.cells().get(l);
      planes[l] = new float[cell.planes()][Sizes.of(1, lanes, cell.hidden())];
    }
    return new State(planes, lanes);
  }

  /** Bytes of one. */
  public static long bytes(Network network, int lanes) {
    long floats = 0;
    for (Cell cell : network.cells()) {
      floats += (long) cell.planes() * lanes * cell.hidden();
    }
    return floats * Float.BYTES;
  }

  /** B. */
  public int lanes() {
    return lanes;
  }

  /** How many layers have one. */
  int layers() {
    return planes.length;
  }

  /** The planes of layer l, shared. */
  public float[][] layer(int l) {
    return planes[l];
  }

  /** Lets every lane begin: zero, or the initial state that the network has learned. */
  public void begin(Network network, Weights weights) {
    clear();
    for (int l = 0; l < planes.length; l++) {
      List<String> names = network.cells().get(l).initialStates(l);
      for (int p = 0; p < names.size(); p++) {
        float[] learned = weights.of(names.get(p));
        for (int b = 0; b < lanes; b++) {
          System.arraycopy(learned, 0, planes[l][p], b * learned.length, learned.length);
        }
      }
    }
  }

  /** Forgets everything: all zero again. */
  public void clear() {
    for (float[][] layer : planes) {
      for (float[] plane : layer) {
        Arrays.fill(plane, 0);
      }
    }
  }

  /** Takes the numbers of another. */
  public void set(State other) {
    for (int l = 0; l < planes.length; l++) {
      for (int p = 0; p < planes[l].length; p++) {
        System.arraycopy(other.planes[l][p], 0, planes[l][p], 0, planes[l][p].length);
      }
    }
  }

  /** Puts every plane. */
  public void save(Snapshot.Writer to) {
    to.put("lanes", lanes);
    for (int l = 0; l < planes.length; l++) {
      for (int p = 0; p < planes[l].length; p++) {
        to.put(l + "." + p, planes[l][p]);
      }
    }
  }

  /**
   * The state that was saved, of a network of the same cells.
   *
   * @throws IllegalArgumentException if it was another network's, or has more lanes than this
   */
  public static State saved(Network network, int mostLanes, Snapshot from) {
    State state = zeros(network, (int) from.whole("lanes", 1, mostLanes));
    for (int l = 0; l < state.planes.length; l++) {
      for (int p = 0; p < state.planes[l].length; p++) {
        from.copy(l + "." + p, state.planes[l][p]);
      }
    }
    return state;
  }

  /** The same numbers in arrays of their own. */
  public State copy() {
    float[][][] copies = new float[planes.length][][];
    for (int l = 0; l < planes.length; l++) {
      copies[l] = new float[planes[l].length][];
      for (int p = 0; p < planes[l].length; p++) {
        copies[l][p] = planes[l][p].clone();
      }
    }
    return new State(copies, lanes);
  }
}
