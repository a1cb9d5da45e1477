package dev.lookback.network;

import dev.lookback.cell.Cell;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The state of one stream as a value: what a stream needs to go on elsewhere, given the same
 * network. Immutable.
 *
 * <p>As bytes, little-endian: {@code LBST}, the version 1 (int), the number of layers (int), for
 * each layer its planes and its hidden units (two ints), all numbers (floats; layer after layer,
 * plane after plane: h, then c), and the CRC-32 of everything before (int).
 */
public final class StreamState {
  private static final int MAGIC = 'L' | 'B' << 8 | 'S' << 16 | 'T' << 24;
  private static final int VERSION = 1;
  private static final int HEAD = 3 * Integer.BYTES;

  // Planes and hidden units, layer by layer.
  private final int[] sizes;
  private final float[] numbers;

  private StreamState(int[] sizes, float[] numbers) {
    this.sizes = sizes;
    this.numbers = numbers;
  }

  /** Of a state of one lane. */
  static StreamState of(State state) {
    int[] sizes = new int[2 * state.layers()];
    int count = 0;
    for (int l = 0; l < state.layers(); l++) {
      sizes[2 * l] = state.layer(l).length;
      sizes[2 * l + 1] = state.layer(l)[0].length;
      count += sizes[2 * l] * sizes[2 * l + 1];
    }
    float[] numbers = new float[count];
    int at = 0;
    for (int l = 0; l < state.layers(); l++) {
      for (float[] plane : state.layer(l)) {
        System.arraycopy(plane, 0, numbers, at, plane.length);
        at += plane.length;
      }
    }
    return new StreamState(sizes, numbers);
  }

  /** Overwrites a state of one lane, which it has to fit. */
  void copyTo(State state) {
    int at = 0;
    for (int l = 0; l < state.layers(); l++) {
      for (float[] plane : state.layer(l)) {
        System.arraycopy(numbers, at, plane, 0, plane.length);
        at += plane.length;
      }
    }
  }

  /** Refuses a network whose layers have other states. */
  void requireFits(Network network) {
    int[] needed = new int[2 * network.cells().size()];
    for (int l = 0; l < network.cells().size(); l++) {
      Cell cell = network.cells().get(l);
      needed[2 * l] = cell.planes();
      needed[2 * l + 1] = cell.hidden();
    }
    if (!Arrays.equals(sizes, needed)) {
      throw new IllegalArgumentException(
          "the state is "
              + describe(sizes)
              + " but the network needs "
              + describe(needed)
              + ": restore states of the same model only");
    }
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isFinite(numbers[i])) {
        throw new IllegalArgumentException(
            "the state holds "
                + numbers[i]
                + " at place "
                + i
                + " but only finite numbers can be used: reset the stream");
      }
    }
  }

  private static String describe(int[] sizes) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < Math.min(sizes.length, 16); i += 2) {
      text.append(i == 0 ? "" : ", ").append(sizes[i]).append(" x ").append(sizes[i + 1]);
    }
    return text.append(sizes.length > 16 ? ", ...]" : "]").toString();
  }

  /** A copy of all numbers: layer after layer, plane after plane. */
  public float[] numbers() {
    return numbers.clone();
  }

  /** As bytes, to write down or to send. */
  public byte[] bytes() {
    int length = HEAD + (sizes.length + numbers.length + 1) * Integer.BYTES;
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(VERSION).putInt(sizes.length / 2);
    for (int size : sizes) {
      out.putInt(size);
    }
    for (float number : numbers) {
      out.putFloat(number);
    }
    return out.putInt(checksum(out.array(), out.position())).array();
  }

  /**
   * From bytes that {@link #bytes} has made.
   *
   * @throws IllegalArgumentException if they are not, or are damaged
   */
  public static StreamState of(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEAD + Integer.BYTES || in.getInt() != MAGIC) {
      throw damaged(bytes.length + " bytes that do not begin as one does (LBST)");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw damaged("of version " + version + ", and this library reads version " + VERSION);
    }
    int end = bytes.length - Integer.BYTES;
    if (in.getInt(end) != checksum(bytes, end)) {
      throw damaged("damaged: its checksum does not fit its " + bytes.length + " bytes");
    }
    int layers = in.getInt();
    if (layers < 1 || layers > in.remaining() / (2 * Integer.BYTES)) {
      throw damaged(
          "said to be of " + layers + " layers, which " + bytes.length + " bytes are not");
    }
    int[] sizes = new int[2 * layers];
    long count = 0;
    for (int i = 0; i < sizes.length; i += 2) {
      sizes[i] = in.getInt();
      sizes[i + 1] = in.getInt();
      if (sizes[i] < 1 || sizes[i + 1] < 1) {
        throw damaged("said to have a layer of " + sizes[i] + " x " + sizes[i + 1] + " numbers");
      }
      count = Math.min(Integer.MAX_VALUE, count + (long) sizes[i] * sizes[i + 1]);
    }
    if (count * Float.BYTES != end - in.position()) {
      throw damaged(
          "said to be " + describe(sizes) + " but has " + (end - in.position()) + " bytes of that");
    }
    float[] numbers = new float[(int) count];
    in.asFloatBuffer().get(numbers);
    return new StreamState(sizes, numbers);
  }

  private static IllegalArgumentException damaged(String found) {
    return new IllegalArgumentException(
        "this is no state of a stream: it is "
            + found
            + ". Pass the bytes of a snapshot, or let the stream begin again");
  }

  private static int checksum(byte[] bytes, int end) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, end);
    return (int) crc.getValue();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StreamState state
        && Arrays.equals(state.sizes, sizes)
        && Arrays.equals(state.numbers, numbers);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(sizes) + Arrays.hashCode(numbers);
  }

  @Override
  public String toString() {
    return "StreamState" + describe(sizes);
  }
}
