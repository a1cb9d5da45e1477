package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.weights.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
  @TempDir Path folder;

  private static Snapshot sample() {
    Snapshot.Writer to = Snapshot.writer().put("weights", new float[] {1, -0f, 1e-40f, 3.5f});
    to.under("pass").put("ids", new int[] {7, -1}).put("none", new float[0]);
    return to.put("updates", Long.MAX_VALUE).put("loss", 0.1).put("text", "\"é\n😀").done();
  }

  private Path written() throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    CheckpointFile.write(file, sample());
    return file;
  }

  @Test
  void givesBackEveryBit() throws IOException {
    Snapshot read = CheckpointFile.read(written());
    assertThat(read.floatNames()).containsExactly("weights", "pass.none");
    float[] weights = read.floats("weights");
    for (int i = 0; i < weights.length; i++) {
      assertThat(Float.floatToRawIntBits(weights[i]))
          .isEqualTo(Float.floatToRawIntBits(sample().floats("weights")[i]));
    }
    assertThat(read.under("pass").ints("ids")).containsExactly(7, -1);
    assertThat(read.under("pass").floats("none")).isEmpty();
    assertThat(read.whole("updates")).isEqualTo(Long.MAX_VALUE);
    assertThat(read.decimal("loss")).isEqualTo(0.1);
    assertThat(read.word("text")).isEqualTo("\"é\n😀");
    assertThat(read.wordNames()).containsExactly("updates", "loss", "text");
  }

  @Test
  void isASafetensorsFileWithTheDigestOfItsBytes() throws Exception {
    Path file = written();
    TensorFile read = SafeTensors.read(file);
    assertThat(read.floats("weights").values()).hasSize(4);
    assertThat(read.ints("pass.ids").shape()).containsExactly(2);
    byte[] bytes = Files.readAllBytes(file);
    String digits = new String(bytes, 44, 64, StandardCharsets.US_ASCII);
    assertThat(read.metadata()).containsEntry("lookback.sha256", digits);
    Arrays.fill(bytes, 44, 108, (byte) '0');
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
        .isEqualTo(digits);
  }

  /** Length, header, digest, words, numbers: whichever byte it is. */
  @Test
  void aChangeOfAnyByteIsFound() throws IOException {
    Path file = written();
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      Files.write(file, damaged);
      assertThatThrownBy(() -> CheckpointFile.read(file))
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith(file + " is damaged");
    }
  }

  @Test
  void aFileCutAnywhereOrWithMoreBehindItIsFound() throws IOException {
    Path file = written();
    byte[] whole = Files.readAllBytes(file);
    for (int n = 0; n < whole.length; n++) {
      Files.write(file, Arrays.copyOf(whole, n));
      assertThatThrownBy(() -> CheckpointFile.read(file))
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith(file + (n < 108 ? " is cut off" : " is damaged"));
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertThatThrownBy(() -> CheckpointFile.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + " is damaged");
  }

  @Test
  void aModelIsNoCheckpoint() throws IOException {
    Path file = folder.resolve("model.safetensors");
    SafeTensors.write(file, Bytes.sample().with("long", "x".repeat(99)));
    assertThatThrownBy(() -> CheckpointFile.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("or no checkpoint");
    assertThatThrownBy(() -> CheckpointFile.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it is a folder");
  }

  @Test
  void aNameThatStandsForTwoThingsIsRefused() throws IOException {
    Path file = folder.resolve("twice.safetensors");
    TensorFile unsigned =
        TensorFile.of(Map.of("updates", FileTensor.of(new float[1], 1)))
            .with("lookback.sha256", "0".repeat(64))
            .with("updates", "3");
    SafeTensors.write(file, unsigned.with("lookback.sha256", digest(Bytes.write(unsigned))));
    assertThatThrownBy(() -> CheckpointFile.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + " has \"updates\" twice: as numbers and as a word");
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Wherever in the file the disk is full, the checkpoint before is as it was. */
  @Test
  void aDiskFullAfterAnyByteLeavesTheOneBefore() throws IOException {
    Path file = written();
    byte[] before = Files.readAllBytes(file);
    Snapshot next = Snapshot.writer().put("weights", new float[] {2}).put("updates", 3).done();
    byte[] after = Bytes.write(CheckpointFile.signed(next));
    for (int room = 0; room < after.length; room++) {
      Faults faults = new Faults(room, false, false);
      assertThatThrownBy(() -> CheckpointFile.write(file, next, faults))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device; the file that was there is as it was");
      assertThat(file).hasBinaryContent(before);
    }
    CheckpointFile.write(file, next, new Faults(after.length, false, false));
    assertThat(CheckpointFile.read(file).whole("updates")).isEqualTo(3);
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    try (var files = Files.list(folder)) {
      assertThat(files.toList()).containsExactly(file);
    }
  }
}
