package dev.lookback.format;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/** Files in memory. */
final class Bytes {
  private Bytes() {}

  static byte[] file(String header, int... data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
    for (int b : data) {
      bytes.put((byte) b);
    }
    return bytes.array();
  }

  static TensorFile read(byte[] bytes) {
    try {
      return SafeTensorsReader.read(
          Channels.newChannel(new ByteArrayInputStream(bytes)), bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] write(TensorFile file) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      SafeTensorsWriter.write(file, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A valid file with both kinds of numbers, metadata, and names beyond ASCII. */
  static TensorFile sample() {
    return TensorFile.of(java.util.Map.of())
        .with("rnn.weight_ih_l0", FileTensor.of(new float[] {1, -2, 3.5f, 1e-40f, 0, -0f}, 2, 3))
        .with("y", FileTensor.of(new int[] {1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}, 4, 1))
        .with("ü😀", FileTensor.of(new float[] {7}, 1))
        .with("lookback.cell", "elman")
        .with("lookback.vocabulary", "\"\\\n\u0001 é😀");
  }
}
