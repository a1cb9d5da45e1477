package dev.lookback.cell;

/**
 * Which planes the gates of a cell read and write. For gate g of the weights:
 *
 * <pre>
 *   plane[input[g]]     = x W^g_xh + b^g
 *   plane[recurrent[g]] += s W^g_hh,   s = h_{t-1}, or the plane gated[g] of the gates
 * </pre>
 *
 * @param input the plane that takes the input's part of gate g
 * @param recurrent the plane that takes the state's part of gate g
 * @param gated the plane of the gates whose rows W^g_hh multiplies, or {@link #STATE}
 */
record Wiring(int[] input, int[] recurrent, int[] gated) {
  /** The state itself. */
  static final int STATE = -1;

  /** Gate g in plane g, every one of them from the state. */
  static Wiring straight(int gates) {
    int[] planes = new int[gates];
    int[] gated = new int[gates];
    for (int g = 0; g < gates; g++) {
      planes[g] = g;
      gated[g] = STATE;
    }
    return new Wiring(planes, planes, gated);
  }

  int gates() {
    return input.length;
  }
}
