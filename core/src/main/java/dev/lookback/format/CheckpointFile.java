package dev.lookback.format;

import dev.lookback.weights.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@link Snapshot} on disk: a safetensors file like any other, whose arrays are {@code F32} and
 * {@code I32} tensors of one dimension and whose words are the metadata, behind the SHA-256 of all
 * its bytes.
 *
 * <p>The digest is the first of the metadata, {@code "lookback.sha256"}, 64 hexadecimal digits at
 * byte 44; it is that of the file with zeros in their place. So not a single byte can change
 * unnoticed, those of the header and of the digest included.
 */
public final class CheckpointFile {
  private static final String DIGEST = "lookback.sha256";
  private static final String BEGINNING = "{\"" + TensorFile.METADATA + "\":{\"" + DIGEST + "\":\"";
  private static final int PREFIX = 8;
  private static final int DIGITS = 64;
  private static final int DIGITS_AT = PREFIX + BEGINNING.length();
  private static final int CHUNK = 1 << 16;

  private CheckpointFile() {}

  /**
   * Writes a file whole or not at all, as {@link AtomicFile} does: it is on the disk when this
   * returns.
   *
   * @throws IOException if it cannot be written; a file that was there before is as it was
   */
  public static void write(Path file, Snapshot snapshot) throws IOException {
    write(file, snapshot, AtomicFile.PLAIN);
  }

  static void write(Path file, Snapshot snapshot, AtomicFile.Disk disk) throws IOException {
    TensorFile signed = signed(snapshot);
    AtomicFile.write(file, out -> SafeTensorsWriter.write(signed, out), disk);
  }

  static TensorFile signed(Snapshot snapshot) throws IOException {
    TensorFile unsigned = content(snapshot);
    return unsigned.with(DIGEST, digestOf(unsigned));
  }

  /**
   * Reads a file, all of whose bytes are checked first.
   *
   * @throws FormatException if a byte is not what was written, or the file is no checkpoint
   * @throws IOException if it cannot be read
   */
  public static Snapshot read(Path file) throws IOException {
    try {
      try (FileChannel in = PlainFile.open(file, "")) {
        verify(in);
        in.position(0);
        return snapshot(SafeTensorsReader.read(in, in.size()));
      }
    } catch (FormatException e) {
      throw e.in(file);
    } catch (IOException e) {
      throw new IOException("could not read " + file + ": " + Reason.of(e), e);
    }
  }

  private static TensorFile content(Snapshot snapshot) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    for (String name : snapshot.floatNames()) {
      float[] values = snapshot.floats(name);
      tensors.put(name, FileTensor.of(values, values.length));
    }
    for (String name : snapshot.intNames()) {
      int[] values = snapshot.ints(name);
      tensors.put(name, FileTensor.of(values, values.length));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(DIGEST, "0".repeat(DIGITS));
    for (String name : snapshot.wordNames()) {
      metadata.put(name, snapshot.word(name));
    }
    return new TensorFile(tensors, metadata);
  }

  private static Snapshot snapshot(TensorFile file) {
    Snapshot.Writer to = Snapshot.writer();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              if (tensor instanceof FileTensor.Floats floats) {
                to.put(name, floats.values());
              } else if (tensor instanceof FileTensor.Ints ints) {
                to.put(name, ints.values());
              }
            });
    file.metadata()
        .forEach(
            (name, word) -> {
              if (file.tensors().containsKey(name)) {
                throw new FormatException(
                    "has \"" + Names.brief(name) + "\" twice: as numbers and as a word");
              } else if (!name.equals(DIGEST)) {
                to.put(name, word);
              }
            });
    return to.done();
  }

  private static String digestOf(TensorFile file) throws IOException {
    MessageDigest digest = sha256();
    SafeTensorsWriter.write(
        file,
        new OutputStream() {
          @Override
          public void write(int b) {
            digest.update((byte) b);
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            digest.update(bytes, from, count);
          }
        });
    return hex(digest.digest());
  }

  private static void verify(FileChannel in) throws IOException {
    MessageDigest digest = sha256();
    byte[] beginning = read(in, DIGITS_AT + DIGITS);
    String header = new String(beginning, StandardCharsets.ISO_8859_1);
    if (beginning.length < DIGITS_AT + DIGITS || !header.startsWith(BEGINNING, PREFIX)) {
      throw new FormatException(
          in.size() < DIGITS_AT + DIGITS
              ? "is cut off: it has only " + in.size() + " bytes"
              : "is damaged in its first bytes, or no checkpoint: the SHA-256 of its bytes is not"
                  + " where it has to be");
    }
    String said = header.substring(DIGITS_AT);
    Arrays.fill(beginning, DIGITS_AT, beginning.length, (byte) '0');
    digest.update(beginning);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    while (in.read(chunk) >= 0) {
      digest.update(chunk.flip());
      chunk.clear();
    }
    String found = hex(digest.digest());
    if (!found.equals(said)) {
      throw new FormatException(
          "is damaged: its bytes have the SHA-256 "
              + found
              + " but were written with "
              + Names.brief(said));
    }
  }

  private static byte[] read(FileChannel in, int most) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(most);
    int read = 0;
    while (bytes.hasRemaining() && read >= 0) {
      read = in.read(bytes);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static String hex(byte[] bytes) {
    StringBuilder digits = new StringBuilder();
    for (byte b : bytes) {
      digits.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
    }
    return digits.toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
