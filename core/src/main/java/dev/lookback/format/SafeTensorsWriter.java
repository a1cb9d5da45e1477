package dev.lookback.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes a safetensors file, its data starting on a multiple of eight bytes. */
final class SafeTensorsWriter {
  private static final int CHUNK = 1 << 16;

  private SafeTensorsWriter() {}

  static void write(TensorFile file, OutputStream out) throws IOException {
    byte[] header = header(file).getBytes(StandardCharsets.UTF_8);
    int padding = -header.length & 7;
    if (header.length + padding > SafeTensorsReader.MOST_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "the header would have "
              + header.length
              + " bytes but no reader takes more than "
              + SafeTensorsReader.MOST_HEADER_BYTES);
    }
    byte[] bytes = new byte[CHUNK];
    littleEndian(bytes).putLong(0, header.length + padding);
    out.write(bytes, 0, Long.BYTES);
    out.write(header);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.UTF_8));
    for (FileTensor tensor : file.tensors().values()) {
      write(tensor, bytes, out);
    }
  }

  private static void write(FileTensor tensor, byte[] bytes, OutputStream out) throws IOException {
    ByteBuffer chunk = littleEndian(bytes);
    int count = count(tensor);
    for (int at = 0; at < count; ) {
      int n = Math.min(CHUNK / 4, count - at);
      if (tensor instanceof FileTensor.Floats floats) {
        chunk.asFloatBuffer().put(floats.values(), at, n);
      } else if (tensor instanceof FileTensor.Ints ints) {
        chunk.asIntBuffer().put(ints.values(), at, n);
      }
      out.write(bytes, 0, 4 * n);
      at += n;
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String header(TensorFile file) {
    StringBuilder out = new StringBuilder("{");
    if (!file.metadata().isEmpty()) {
      Json.quote(TensorFile.METADATA, out);
      out.append(":{");
      String comma = "";
      for (Map.Entry<String, String> entry : file.metadata().entrySet()) {
        out.append(comma);
        Json.quote(entry.getKey(), out);
        out.append(':');
        Json.quote(entry.getValue(), out);
        comma = ",";
      }
      out.append('}');
    }
    long begin = 0;
    for (Map.Entry<String, FileTensor> entry : file.tensors().entrySet()) {
      FileTensor tensor = entry.getValue();
      out.append(out.length() > 1 ? "," : "");
      Json.quote(entry.getKey(), out);
      out.append(":{\"dtype\":\"")
          .append(tensor instanceof FileTensor.Floats ? "F32" : "I32")
          .append("\",\"shape\":[");
      String comma = "";
      for (int extent : tensor.shape()) {
        out.append(comma).append(extent);
        comma = ",";
      }
      long end = begin + 4L * count(tensor);
      out.append("],\"data_offsets\":[").append(begin).append(',').append(end).append("]}");
      begin = end;
    }
    return out.append('}').toString();
  }

  private static int count(FileTensor tensor) {
    return tensor instanceof FileTensor.Floats floats
        ? floats.values().length
        : ((FileTensor.Ints) tensor).values().length;
  }
}
