package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {

  @TempDir Path folder;

  @Test
  void readsWhatItWrote() throws IOException {
    Path file = folder.resolve("model.safetensors");
    SafeTensors.write(file, Bytes.sample());
    assertSame(SafeTensors.read(file), Bytes.sample());
  }

  @Test
  void everyBitOfAFloatSurvives() {
    int[] bits = new int[100_000];
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = i * 42_949;
      values[i] = Float.intBitsToFloat(bits[i]);
    }
    int[] odd = {0x7f800001, 0x7fc12345, 0xffffffff, 0x80000000, 0x7f800000, 0xff800000, 1};
    for (int i = 0; i < odd.length; i++) {
      bits[i] = odd[i];
      values[i] = Float.intBitsToFloat(odd[i]);
    }
    TensorFile file = TensorFile.of(Map.of("x", FileTensor.of(values, bits.length)));
    float[] read = Bytes.read(Bytes.write(file)).floats("x").values();
    int[] found = new int[bits.length];
    for (int i = 0; i < bits.length; i++) {
      found[i] = Float.floatToRawIntBits(read[i]);
    }
    assertThat(found).isEqualTo(bits);
  }

  @Test
  void theBytesAreThoseOfTheFormat() {
    TensorFile file =
        TensorFile.of(Map.of())
            .with("a", FileTensor.of(new float[] {1}, 1))
            .with("b", FileTensor.of(new int[] {-2}))
            .with("k", "v");
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[4,8]}}";
    byte[] bytes = Bytes.write(file);
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(buffer.getLong(0)).isEqualTo(padded);
    assertThat(new String(bytes, 8, padded, StandardCharsets.UTF_8).stripTrailing())
        .isEqualTo(header);
    assertThat(buffer.getInt(8 + padded)).isEqualTo(0x3f800000);
    assertThat(buffer.getInt(12 + padded)).isEqualTo(-2);
    assertThat(bytes).hasSize(16 + padded);
  }

  @Test
  void sizesAcrossTheChunkOfTheReader() {
    for (int n : new int[] {0, 1, 16_383, 16_384, 16_385, 40_000}) {
      float[] floats = new float[n];
      int[] ints = new int[n];
      for (int i = 0; i < n; i++) {
        floats[i] = i * 0.5f;
        ints[i] = -i;
      }
      TensorFile file =
          TensorFile.of(Map.of())
              .with("f", FileTensor.of(floats, n))
              .with("i", FileTensor.of(ints, 1, n));
      assertSame(Bytes.read(Bytes.write(file)), file);
    }
  }

  @Test
  void convertsF64() {
    ByteBuffer data = ByteBuffer.allocate(40_000).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.1).putDouble(-0.0).putDouble(Double.NaN).putDouble(1e-300);
    data.putDouble(Double.NEGATIVE_INFINITY).putDouble(8 * 4999, 5);
    float[] read = Bytes.read(withData("F64", 5000, data)).floats("x").values();
    assertThat(read).startsWith(0.1f, -0.0f, Float.NaN, 0, Float.NEGATIVE_INFINITY).endsWith(5);

    data.putDouble(8 * 4998, -1e39);
    assertThatThrownBy(() -> Bytes.read(withData("F64", 5000, data)))
        .isInstanceOf(FormatException.class)
        .hasMessage("x holds -1.0E39 at place 4998, beyond the range of float");
  }

  @Test
  void convertsI64() {
    ByteBuffer data = ByteBuffer.allocate(80_000).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(Integer.MIN_VALUE).putLong(Integer.MAX_VALUE).putLong(8 * 9999, -3);
    int[] read = Bytes.read(withData("I64", 10_000, data)).ints("x").values();
    assertThat(read).startsWith(Integer.MIN_VALUE, Integer.MAX_VALUE, 0).endsWith(-3);

    data.putLong(8 * 9999, 1L << 31);
    assertThatThrownBy(() -> Bytes.read(withData("I64", 10_000, data)))
        .isInstanceOf(FormatException.class)
        .hasMessage("x holds 2147483648 at place 9999, beyond the range of a 32-bit whole number");
  }

  @Test
  void theDataNeedNotFollowTheOrderOfTheHeader() {
    byte[] bytes =
        Bytes.file(
            "{\"b\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                + "\"none\":{\"dtype\":\"F32\",\"shape\":[3,0],\"data_offsets\":[4,4]},"
                + "\"a\":{\"data_offsets\":[0,4],\"dtype\":\"I32\",\"shape\":[]}}  ",
            1,
            0,
            0,
            0,
            2,
            0,
            0,
            0);
    TensorFile file = Bytes.read(bytes);
    assertThat(file.tensors().keySet()).containsExactly("b", "none", "a");
    assertThat(file.ints("a").values()).containsExactly(1);
    assertThat(file.ints("a").shape()).isEmpty();
    assertThat(file.ints("b").values()).containsExactly(2);
    assertThat(file.floats("none").values()).isEmpty();
  }

  @Test
  void aFileWithoutTensors() {
    assertSame(Bytes.read(Bytes.write(TensorFile.of(Map.of()))), TensorFile.of(Map.of()));
    assertThat(Bytes.read(Bytes.file("{}")).tensors()).isEmpty();
  }

  @Test
  void aTensorFileSaysWhatItLacks() {
    assertThatThrownBy(() -> Bytes.sample().floats("y"))
        .isInstanceOf(FormatException.class)
        .hasMessage("y holds whole numbers but has to be F32 or F64");
    assertThatThrownBy(() -> Bytes.sample().ints("rnn.weight_ih_l0"))
        .isInstanceOf(FormatException.class)
        .hasMessage("rnn.weight_ih_l0 holds numbers with a point but has to be I32 or I64");
    assertThatThrownBy(() -> Bytes.sample().floats("x"))
        .isInstanceOf(FormatException.class)
        .hasMessage("there is no tensor x; there are rnn.weight_ih_l0, y, ü😀");
    assertThat(Bytes.sample().find("x")).isEmpty();
  }

  @Test
  void shapesAndNamesAreChecked() {
    assertThatThrownBy(() -> FileTensor.of(new float[3], 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are 3 numbers but the shape is [2, 2]");
    assertThatThrownBy(() -> FileTensor.of(new float[1], -1, -1))
        .hasMessage("a tensor would be [-1, -1] but no extent can be below 0");
    assertThatThrownBy(() -> FileTensor.of(new int[0], 1 << 30, 1 << 30, 1 << 30, 1 << 30))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(FileTensor.of(new int[0], 1 << 30, 1 << 30, 0).values()).isEmpty();
    FileTensor tensor = FileTensor.of(new float[0], 0);
    assertThatThrownBy(() -> TensorFile.of(Map.of("__metadata__", tensor)))
        .hasMessage("no tensor can be called __metadata__");
  }

  @Test
  void filesThatCannotBeRead() {
    assertThatThrownBy(() -> SafeTensors.read(folder.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "could not read " + folder.resolve("none") + ": there is no " + folder.resolve("none"));
    assertThatThrownBy(() -> SafeTensors.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "could not read "
                + folder
                + ": it is a folder; name the file in it, such as model.safetensors");
  }

  @Test
  void complaintsNameTheFile() throws IOException {
    Path file = Files.createFile(folder.resolve("empty"));
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + " is empty, not a safetensors file");
  }

  private static byte[] withData(String dtype, int count, ByteBuffer data) {
    String header =
        String.format(
            Locale.ROOT,
            "{\"x\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}",
            dtype,
            count,
            data.capacity());
    ByteBuffer file = ByteBuffer.allocate(8 + header.length() + data.capacity());
    file.put(Bytes.file(header)).put(data.duplicate().clear());
    return file.array();
  }

  private static void assertSame(TensorFile found, TensorFile expected) {
    assertThat(found.metadata()).isEqualTo(expected.metadata());
    assertThat(found.tensors().keySet()).containsExactlyElementsOf(expected.tensors().keySet());
    found
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(plain(tensor)).isEqualTo(plain(expected.find(name).orElseThrow())));
  }

  private static String plain(FileTensor tensor) {
    return Arrays.toString(tensor.shape())
        + (tensor instanceof FileTensor.Floats floats
            ? Arrays.toString(floats.values())
            : Arrays.toString(((FileTensor.Ints) tensor).values()));
  }
}
