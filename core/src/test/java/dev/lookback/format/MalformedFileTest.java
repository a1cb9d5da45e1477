package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.math.Randomness;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedFileTest {

  @Test
  void aFileCutAnywhereIsRefused() {
    byte[] whole = Bytes.write(Bytes.sample());
    for (int n = 0; n < whole.length; n++) {
      byte[] cut = Arrays.copyOf(whole, n);
      String message =
          n == 0 ? "is empty" : n < 8 ? "has only " + n + " bytes" : "is cut off: its ";
      assertThatThrownBy(() -> Bytes.read(cut))
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith(message);
    }
    assertThatThrownBy(() -> Bytes.read(Arrays.copyOf(whole, whole.length + 3)))
        .isInstanceOf(FormatException.class)
        .hasMessage("3 bytes follow the last tensor and belong to none");
  }

  @Test
  void twoThousandMutationsAreReadOrRefused() {
    byte[] whole = Bytes.write(Bytes.sample());
    int refused = 0;
    for (int mutation = 0; mutation < 2000; mutation++) {
      byte[] bytes = mutate(whole, Randomness.of(11).with(mutation));
      try {
        Bytes.read(bytes);
      } catch (FormatException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isBetween(1000, 1999);
  }

  /** One to four times: a bit flipped, a byte set, a digit changed, bytes removed or repeated. */
  private static byte[] mutate(byte[] whole, Randomness randomness) {
    byte[] bytes = whole.clone();
    int times = 1 + randomness.below(4, 0);
    for (int i = 1; i <= times; i++) {
      Randomness draw = randomness.with(i);
      int at = draw.below(bytes.length, 0);
      int to = Math.min(bytes.length, at + 1 + draw.below(8, 1));
      switch (draw.below(5, 2)) {
        case 0 -> bytes[at] ^= (byte) (1 << draw.below(8, 3));
        case 1 -> bytes[at] = (byte) "0123456789-e.{}[]\",:\\".charAt(draw.below(21, 3));
        case 2 -> {
          while (at < bytes.length - 1 && (bytes[at] < '0' || bytes[at] > '9')) {
            at++;
          }
          bytes[at] = (byte) ('0' + draw.below(10, 3));
        }
        case 3 -> {
          byte[] shorter = Arrays.copyOf(bytes, bytes.length - (to - at));
          System.arraycopy(bytes, to, shorter, at, bytes.length - to);
          bytes = shorter.length == 0 ? bytes : shorter;
        }
        default -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + (to - at));
          System.arraycopy(bytes, at, longer, to, bytes.length - at);
          bytes = longer;
        }
      }
    }
    return bytes;
  }

  @Test
  void claimsAreNotBelieved() {
    for (long claim : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 50, 100_000_001}) {
      byte[] bytes = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(claim).array();
      assertThatThrownBy(() -> Bytes.read(bytes))
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith("is not a safetensors file");
    }
    byte[] bytes =
        ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(99_999_999).array();
    refused(bytes, "is cut off: its header needs 99999999 bytes but only 92 are there");
    refused(
        Bytes.file(tensor("F32", "[2000000000]", "[0,8000000000]")),
        "is cut off: its tensors need 8000000000 bytes of data but only 0 are there");
    refused(
        Bytes.file(tensor("F32", "[2305843009213693952]", "[0,9223372036854775807]")),
        "x would hold 2^31 numbers or more, which is more than one array can");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PK\u0003\u0004aaaa | a zip file, such as PyTorch's .pt; save it with"
            + " safetensors.torch.save_file",
        "The time traveller | text",
        "été, comme on dit | text",
        "GGUFaaaaaaa | a GGUF file",
      })
  void foreignFilesAreRecognised(String start, String kind) {
    refused(
        start.getBytes(StandardCharsets.UTF_8), "is not a safetensors file but looks like " + kind);
  }

  @Test
  void foreignBinariesAreRecognised() {
    assertForeign("a Python pickle; save it with safetensors.torch.save_file", 0x80, 2, 0x8a, 10);
    assertForeign("a gzip file; unpack it first", 0x1f, 0x8b, 8, 0);
    assertForeign("an HDF5 file", 0x89, 'H', 'D', 'F');
    assertForeign(
        "a NumPy file; save it with safetensors.numpy.save_file", 0x93, 'N', 'U', 'M', 'P', 'Y', 1);
  }

  private static void assertForeign(String kind, int... start) {
    byte[] bytes = new byte[50];
    Arrays.fill(bytes, (byte) 0x90);
    for (int i = 0; i < start.length; i++) {
      bytes[i] = (byte) start[i];
    }
    refused(bytes, "is not a safetensors file but looks like " + kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", " {}", "null", "\0"})
  void aHeaderStartsWithABrace(String header) {
    refused(Bytes.file(header), "is not a safetensors file: its header does not start with {");
  }

  @Test
  void headersThatAreNotJson() {
    refused(
        Bytes.file("{\"x\":}"),
        "in its header, JSON is wrong at character 5: a value should stand here, not '}'");
    refused(
        Bytes.file("{}\0"),
        "in its header, JSON is wrong at character 2: something follows the end: U+0000");
    byte[] bytes = Bytes.file("{\"x\":\"?\"}");
    bytes[8 + 6] = (byte) 0xff;
    refused(bytes, "the header is not UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "F8_E4M3 | [2] | [0,2] | x is F8_E4M3 but has to be F16, BF16, F32, F64, I32 or I64",
        "F32 | [2] | [0,4] | x is F32 [2] and needs 8 bytes but its data_offsets are [0, 4]",
        "F64 | [] | [0,4] | x is F64 [] and needs 8 bytes but its data_offsets are [0, 4]",
        "F32 | [1] | [4,0] | x is F32 [1] and needs 4 bytes but its data_offsets are [4, 0]",
        "F32 | [1] | [4,8] | bytes 0 to 4 of the data belong to no tensor",
        "F32 | [-1] | [0,4] | x has the number -1 in its shape but needs whole numbers from 0 on",
        "F32 | [1.0] | [0,4] | x has the number 1.0 in its shape but needs whole numbers from 0 on",
        "F32 | [1] | [-4,0] | x has the number -4 in its data_offsets but needs whole numbers from"
            + " 0 on",
        "F32 | [\"1\"] | [0,4] | x has a string in its shape but needs whole numbers from 0 on",
        "F32 | [65536,65536] | [0,4] | x would hold 2^31 numbers or more, which is more than one"
            + " array can",
        "F32 | [4294967296,4294967296] | [0,0] | x would hold 2^31 numbers or more, which is more"
            + " than one array can",
        "F32 | [1] | [0,4,8] | x needs a dtype, a shape, two data_offsets in the header, and"
            + " nothing else",
        "F32 | {} | [0,4] | x needs a dtype, a shape, two data_offsets in the header, and nothing"
            + " else",
      })
  void tensorsThatContradictThemselves(String dtype, String shape, String offsets, String message) {
    refused(Bytes.file(tensor(dtype, shape, offsets), 0, 0, 0, 0, 0, 0, 0, 0), message);
  }

  @Test
  void tensorsThatContradictEachOther() {
    String y = ",\"y\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}";
    String x = tensor("F32", "[2]", "[0,8]").replaceAll("}$", "");
    refused(
        Bytes.file(x + String.format(Locale.ROOT, y, 4, 8), 0, 0, 0, 0, 0, 0, 0, 0),
        "y starts at byte 4 of the data, where another tensor lies");
    refused(
        Bytes.file(x + String.format(Locale.ROOT, y, 12, 16), new int[16]),
        "bytes 8 to 12 of the data belong to no tensor");
    assertThatThrownBy(() -> Bytes.read(Bytes.file(x + x.replace("{\"x\"", ",\"x\"") + "}")))
        .isInstanceOf(FormatException.class)
        .hasMessageEndingWith("the name \"x\" stands twice in one object");
  }

  @Test
  void entriesOfTheWrongKind() {
    String needs = "x needs a dtype, a shape, two data_offsets in the header, and nothing else";
    refused(Bytes.file("{\"x\":1}"), needs);
    refused(Bytes.file("{\"x\":{}}"), needs);
    refused(Bytes.file(tensor("F32", "[0]", "[0,0]").replace("}}", ",\"more\":1}}")), needs);
    refused(
        Bytes.file("{\"__metadata__\":[]}"),
        "__metadata__ is an array but has to be an object of strings");
    refused(
        Bytes.file("{\"__metadata__\":{\"lookback.cell\":null}}"),
        "the metadata \"lookback.cell\" is null but has to be a string");
    refused(
        Bytes.file(tensor("F32", "[" + "1,".repeat(40) + "1]", "[0,4]"), 0, 0, 0, 0),
        "x has 41 dimensions but can have at most 32");
  }

  @Test
  void messagesStayShortAndClean() {
    String name = "\\u001b[31m" + "n".repeat(100_000);
    assertThatThrownBy(() -> Bytes.read(Bytes.file("{\"" + name + "\":1}")))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("\\u001b[31mnnn")
        .message()
        .hasSizeLessThan(300);
  }

  @Test
  void namesOfTensorsThatOverlapStayShortAndClean() {
    String name = "\\u001b[31m" + "n".repeat(100_000);
    String entry = ":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    String header = "{\"x\"" + entry + ",\"" + name + "\"" + entry + "}";
    assertThatThrownBy(() -> Bytes.read(Bytes.file(header, 0, 0, 0, 0)))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("\\u001b[31mnnn")
        .message()
        .hasSizeLessThan(300);
  }

  private static String tensor(String dtype, String shape, String offsets) {
    return String.format(
        Locale.ROOT,
        "{\"x\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}",
        dtype,
        shape,
        offsets);
  }

  private static void refused(byte[] bytes, String message) {
    assertThatThrownBy(() -> Bytes.read(bytes))
        .isInstanceOf(FormatException.class)
        .hasMessage(message);
  }
}
