package dev.lookback.cli;

import dev.lookback.format.FileTensor;
import dev.lookback.format.FormatException;
import dev.lookback.format.TensorFile;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.window.Window;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The state that enters a batch: h0 {@code [layers, B, H]} and, for an LSTM, c0 of the same shape,
 * each zero where the file lacks it.
 *
 * @param network whose state it is
 * @param state the numbers
 * @param given which of h0 and c0 the file has
 */
record EnteringState(Network network, State state, List<String> given) {
  private static final List<String> PLANES = List.of("h0", "c0");

  /** What the planes of a network's state are called. */
  static List<String> names(Network network) {
    return PLANES.subList(0, network.top().planes());
  }

  /** Reads and checks what the file has. */
  static EnteringState read(TensorFile batch, Network network, int lanes) {
    State state = zeros(network, lanes);
    List<String> given =
        names(network).stream().filter(name -> batch.find(name).isPresent()).toList();
    for (String name : given) {
      fill(batch.floats(name), name, network, state);
    }
    return new EnteringState(network, state, given);
  }

  private static State zeros(Network network, int lanes) {
    try {
      return State.zeros(network, lanes);
    } catch (IllegalArgumentException e) {
      throw new FormatException("x has " + lanes + " lanes: " + e.getMessage());
    }
  }

  private static void fill(FileTensor.Floats tensor, String name, Network network, State state) {
    int hidden = network.top().hidden();
    if (network.cells().stream().anyMatch(layer -> layer.hidden() != hidden)) {
      throw new FormatException(
          "it has "
              + name
              + " [layers, B, H], but the model's layers differ in H. Leave "
              + name
              + " out");
    }
    int[] needed = {network.cells().size(), state.lanes(), hidden};
    if (!Arrays.equals(tensor.shape(), needed)) {
      throw new FormatException(
          name
              + " is "
              + Arrays.toString(tensor.shape())
              + " but x and the model need "
              + Arrays.toString(needed));
    }
    int size = state.lanes() * hidden;
    for (int i = 0; i < tensor.values().length; i++) {
      if (!Float.isFinite(tensor.values()[i])) {
        throw new FormatException(
            String.format(
                Locale.ROOT,
                "%s is %s in layer %d, lane %d, unit %d, but only finite numbers can be used",
                name,
                tensor.values()[i],
                i / size,
                i % size / hidden,
                i % hidden));
      }
    }
    for (int l = 0; l < network.cells().size(); l++) {
      float[] plane = state.layer(l)[PLANES.indexOf(name)];
      System.arraycopy(tensor.values(), l * size, plane, 0, size);
    }
  }

  /**
   * The window with this state in front: a network that learned its initial state starts from that
   * one where none is given.
   */
  Window into(Window window) {
    boolean learned = given.isEmpty() && network.top().learnsState();
    return learned ? window.startingAfresh() : window;
  }

  /** The gradients with respect to what was given, {@code [layers, B, H]} each. */
  Map<String, FileTensor> tensors(State gradient) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    int layers = network.cells().size();
    int size = gradient.lanes() * network.top().hidden();
    for (String name : given) {
      float[] values = new float[layers * size];
      for (int l = 0; l < layers; l++) {
        float[] plane = gradient.layer(l)[PLANES.indexOf(name)];
        System.arraycopy(plane, 0, values, l * size, size);
      }
      int hidden = network.top().hidden();
      tensors.put(name, FileTensor.of(values, layers, gradient.lanes(), hidden));
    }
    return tensors;
  }
}
