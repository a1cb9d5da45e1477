package dev.lookback.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a safetensors file from front to back; its tensors tile the data, so that one way does. */
final class SafeTensorsReader {
  /** As in the reference implementation. */
  static final int MOST_HEADER_BYTES = 100_000_000;

  private static final int PREFIX = 8;
  private static final int CHUNK = 1 << 16;

  private final ReadableByteChannel in;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);

  private SafeTensorsReader(ReadableByteChannel in) {
    this.in = in;
  }

  /** Reads {@code size} bytes, the whole file. */
  static TensorFile read(ReadableByteChannel in, long size) throws IOException {
    return new SafeTensorsReader(in).read(size);
  }

  private TensorFile read(long size) throws IOException {
    if (size == 0) {
      throw new FormatException("is empty, not a safetensors file");
    }
    if (size < PREFIX) {
      throw new FormatException("has only " + size + " bytes, too few for a safetensors file");
    }
    ByteBuffer prefix = chunk(PREFIX);
    long length = prefix.getLong(0);
    if (length < 0 || length > MOST_HEADER_BYTES) {
      byte[] start = new byte[PREFIX];
      prefix.get(0, start);
      throw Foreign.file(start, length);
    }
    if (length > size - PREFIX) {
      throw new FormatException(
          "is cut off: its header needs "
              + length
              + " bytes but only "
              + (size - PREFIX)
              + " are there");
    }
    Header header = Header.parse(text((int) length));
    Map<String, FileTensor> read = new HashMap<>();
    for (Header.Slot slot : header.tiling(size - PREFIX - length)) {
      read.put(slot.name(), tensor(slot));
    }
    Map<String, FileTensor> ordered = new LinkedHashMap<>();
    for (Header.Slot slot : header.slots()) {
      FileTensor tensor = read.get(slot.name());
      if (tensor != null) {
        ordered.put(slot.name(), tensor);
      }
    }
    return new TensorFile(ordered, header.metadata());
  }

  private String text(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    fill(bytes);
    if (length == 0 || bytes.get(0) != '{') {
      throw new FormatException("is not a safetensors file: its header does not start with {");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException("the header is not UTF-8");
    }
  }

  private FileTensor tensor(Header.Slot slot) throws IOException {
    return switch (slot.dtype()) {
      case F16, BF16, F32, F64 -> new FileTensor.Floats(slot.shape(), floats(slot));
      case I32, I64 -> new FileTensor.Ints(slot.shape(), ints(slot));
    };
  }

  private float[] floats(Header.Slot slot) throws IOException {
    float[] values = new float[slot.count()];
    int width = slot.dtype().bytes;
    for (int at = 0; at < values.length; ) {
      int n = Math.min(CHUNK / width, values.length - at);
      ByteBuffer bytes = chunk(n * width);
      if (slot.dtype() == Dtype.F32) {
        // A view copies bits; getFloat might quieten a signalling NaN on some machines.
        bytes.asFloatBuffer().get(values, at, n);
      } else if (slot.dtype() != Dtype.F64) {
        for (int i = 0; i < n; i++) {
          short half = bytes.getShort(i * width);
          values[at + i] = slot.dtype() == Dtype.F16 ? Half.binary16(half) : Half.bfloat16(half);
        }
      } else {
        for (int i = 0; i < n; i++) {
          double value = bytes.getDouble(i * width);
          values[at + i] = (float) value;
          if (Float.isInfinite(values[at + i]) && Double.isFinite(value)) {
            throw outOfRange(slot, String.valueOf(value), at + i, "float");
          }
        }
      }
      at += n;
    }
    return values;
  }

  private int[] ints(Header.Slot slot) throws IOException {
    int[] values = new int[slot.count()];
    int width = slot.dtype().bytes;
    for (int at = 0; at < values.length; ) {
      int n = Math.min(CHUNK / width, values.length - at);
      ByteBuffer bytes = chunk(n * width);
      if (slot.dtype() == Dtype.I32) {
        bytes.asIntBuffer().get(values, at, n);
      } else {
        for (int i = 0; i < n; i++) {
          long value = bytes.getLong(i * width);
          values[at + i] = (int) value;
          if (values[at + i] != value) {
            throw outOfRange(slot, String.valueOf(value), at + i, "a 32-bit whole number");
          }
        }
      }
      at += n;
    }
    return values;
  }

  private static FormatException outOfRange(Header.Slot slot, String value, int at, String range) {
    return new FormatException(
        Names.brief(slot.name())
            + " holds "
            + value
            + " at place "
            + at
            + ", beyond the range of "
            + range);
  }

  /** The next bytes, from 0 to the limit of the shared buffer. */
  private ByteBuffer chunk(int bytes) throws IOException {
    chunk.clear().limit(bytes);
    fill(chunk);
    return chunk;
  }

  private void fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (in.read(buffer) < 0) {
        throw new FormatException("became shorter while it was read");
      }
    }
    buffer.flip();
  }
}
