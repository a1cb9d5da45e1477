package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers of 16 bits, by their definition. */
class HalfTest {
  @TempDir private Path folder;

  @Test
  void everyNumberIsItsSignTimesItsFractionTimesAPowerOfTwo() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      double sign = (bits & 0x8000) == 0 ? 1 : -1;
      check(Half.binary16((short) bits), value(sign, bits >> 10 & 31, bits & 1023, 10, 5));
      check(Half.bfloat16((short) bits), value(sign, bits >> 7 & 255, bits & 127, 7, 8));
    }
  }

  private static double value(double sign, int exponent, int fraction, int digits, int width) {
    int bias = (1 << (width - 1)) - 1;
    if (exponent == (1 << width) - 1) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    double part = fraction / (double) (1 << digits);
    return exponent == 0
        ? sign * part * Math.pow(2, 1 - bias)
        : sign * (1 + part) * Math.pow(2, exponent - bias);
  }

  // As bits, so that -0 is not 0.
  private static void check(float found, double expected) {
    assertThat(Double.doubleToLongBits(found)).isEqualTo(Double.doubleToLongBits(expected));
  }

  @Test
  void filesOfThemAreRead() throws IOException {
    TensorFile halves = read("F16", 0x3c00, 0xc000, 0x3555);
    assertThat(halves.floats("x").values()).containsExactly(1f, -2f, 0x1.554p-2f);
    TensorFile brains = read("BF16", 0x3f80, 0xc000, 0x3eab);
    assertThat(brains.floats("x").values()).containsExactly(1f, -2f, 0x1.56p-2f);
    assertThatThrownBy(() -> halves.ints("x")).hasMessageContaining("has to be I32 or I64");
  }

  private TensorFile read(String dtype, int... bits) throws IOException {
    String header = "{\"x\":{\"dtype\":\"" + dtype + "\",\"shape\":[3],\"data_offsets\":[0,6]}}";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.writeBytes(length.putLong(header.length()).array());
    bytes.writeBytes(header.getBytes(StandardCharsets.UTF_8));
    for (int value : bits) {
      bytes.write(value);
      bytes.write(value >> 8);
    }
    Path file = folder.resolve(dtype);
    Files.write(file, bytes.toByteArray());
    return SafeTensors.read(file);
  }
}
