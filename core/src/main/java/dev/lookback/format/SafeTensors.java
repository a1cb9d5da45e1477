package dev.lookback.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Reads and writes <a href="https://github.com/huggingface/safetensors">safetensors</a> files.
 *
 * <p>Eight bytes with the length of the header, little-endian; the header in JSON; the numbers,
 * little-endian, each tensor row-major. Read are {@code F32}, {@code F64} (rounded to float),
 * {@code F16} and {@code BF16} (every one of which is a float), {@code I32} and {@code I64} (which
 * has to fit 32 bits); written are {@code F32} and {@code I32}.
 *
 * <p>Stricter than the reference implementation: a number that does not fit is refused, and so is a
 * member of a tensor's entry other than the three that belong there.
 */
public final class SafeTensors {
  private static final String IN_FOLDER = "; name the file in it, such as model.safetensors";

  private SafeTensors() {}

  /**
   * Reads a whole file.
   *
   * @throws FormatException if it is not a well-formed safetensors file; nothing larger than the
   *     file is allocated to find that out
   * @throws IOException if it cannot be read
   */
  public static TensorFile read(Path file) throws IOException {
    try {
      try (FileChannel in = PlainFile.open(file, IN_FOLDER)) {
        return SafeTensorsReader.read(in, in.size());
      }
    } catch (FormatException e) {
      throw e.in(file);
    } catch (IOException e) {
      throw new IOException("could not read " + file + ": " + Reason.of(e), e);
    }
  }

  /**
   * Writes a file whole or not at all, as {@link AtomicFile} does.
   *
   * @throws IllegalArgumentException if a name or a string holds half of a surrogate pair
   * @throws IOException if it cannot be written; a file that was there before is as it was
   */
  public static void write(Path file, TensorFile content) throws IOException {
    AtomicFile.write(file, out -> SafeTensorsWriter.write(content, out));
  }
}
