package dev.lookback.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Guesses what a file is that is no safetensors file, so that the message can help. */
final class Foreign {
  private Foreign() {}

  /** The complaint about a file whose first eight bytes claim a header of {@code length} bytes. */
  static FormatException file(byte[] start, long length) {
    String kind;
    if (starts(start, 'P', 'K', 3, 4)) {
      kind = "a zip file, such as PyTorch's .pt; save it with safetensors.torch.save_file";
    } else if (starts(start, 0x80, 2) || starts(start, 0x80, 4)) {
      kind = "a Python pickle; save it with safetensors.torch.save_file";
    } else if (starts(start, 0x1f, 0x8b)) {
      kind = "a gzip file; unpack it first";
    } else if (starts(start, 0x89, 'H', 'D', 'F')) {
      kind = "an HDF5 file";
    } else if (starts(start, 'G', 'G', 'U', 'F')) {
      kind = "a GGUF file";
    } else if (starts(start, 0x93, 'N', 'U', 'M', 'P', 'Y')) {
      kind = "a NumPy file; save it with safetensors.numpy.save_file";
    } else if (isText(start)) {
      kind = "text";
    } else {
      return new FormatException(
          "is not a safetensors file: it claims a header of "
              + Long.toUnsignedString(length)
              + " bytes, and the most is "
              + SafeTensorsReader.MOST_HEADER_BYTES);
    }
    return new FormatException("is not a safetensors file but looks like " + kind);
  }

  private static boolean starts(byte[] start, int... magic) {
    byte[] bytes = new byte[magic.length];
    for (int i = 0; i < magic.length; i++) {
      bytes[i] = (byte) magic[i];
    }
    return Arrays.equals(start, 0, magic.length, bytes, 0, magic.length);
  }

  /** Whether this is UTF-8 without control characters, its last character perhaps cut. */
  private static boolean isText(byte[] start) {
    for (byte b : start) {
      if (b >= 0 && b < 0x20 && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    CharBuffer decoded = CharBuffer.allocate(start.length);
    return !StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(start), decoded, false)
        .isError();
  }
}
