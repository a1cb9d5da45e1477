package dev.lookback.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Takes ids one by one, as numbers in order of first appearance, and packs them in chunks of 2^16:
 * one byte each while no number in the chunk exceeds 255, else two, else three. Past the memory
 * limit all chunks move to a temporary file.
 *
 * <p>Numbering by first appearance is what makes one pass enough: the vocabulary's own order is a
 * table applied when reading.
 */
final class TokenStore implements AutoCloseable {
  static final int CHUNK_BITS = 16;
  static final int CHUNK = 1 << CHUNK_BITS;

  private final Path folder;
  private final long memoryBytes;
  private final int[] open = new int[CHUNK];
  private int opened;
  private int highest;
  private long length;

  private final List<byte[]> inMemory = new ArrayList<>();
  private Optional<FileChannel> file = Optional.empty();
  private long[] offsets = new long[16];
  private byte[] widths = new byte[16];
  private int chunks;
  private long bytes;

  TokenStore(Path folder, long memoryBytes) {
    this.folder = folder;
    this.memoryBytes = memoryBytes;
  }

  long length() {
    return length;
  }

  void add(int number) {
    open[opened++] = number;
    highest = Math.max(highest, number);
    length++;
    if (opened == CHUNK) {
      closeChunk();
    }
  }

  /** The ids added so far, each number replaced by {@code ids[number]}. */
  PackedTokens finish(int[] ids) {
    if (opened > 0) {
      closeChunk();
    }
    return new PackedTokens(
        new PackedTokens.Chunks(
            length, inMemory, file, Arrays.copyOf(offsets, chunks), Arrays.copyOf(widths, chunks)),
        ids);
  }

  private void closeChunk() {
    int width = highest < 1 << 8 ? 1 : highest < 1 << 16 ? 2 : 3;
    byte[] packed = new byte[opened * width];
    int at = 0;
    for (int i = 0; i < opened; i++) {
      for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
        packed[at++] = (byte) (open[i] >>> shift);
      }
    }
    if (chunks == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * chunks);
      widths = Arrays.copyOf(widths, 2 * chunks);
    }
    offsets[chunks] = bytes;
    widths[chunks] = (byte) width;
    chunks++;
    keep(packed);
    bytes += packed.length;
    opened = 0;
    highest = 0;
  }

  private void keep(byte[] packed) {
    if (file.isEmpty() && bytes + packed.length <= memoryBytes) {
      inMemory.add(packed);
      return;
    }
    try {
      if (file.isEmpty()) {
        file = Optional.of(create(folder));
        for (byte[] chunk : inMemory) {
          write(file.get(), chunk);
        }
        inMemory.clear();
      }
      write(file.get(), packed);
    } catch (IOException e) {
      throw new DataException(
          "the ids of the text, "
              + (bytes + packed.length)
              + " bytes so far, could not be written to a temporary file in "
              + folder
              + " ("
              + Reasons.of(e)
              + "). Free some space there, or choose another folder (-Djava.io.tmpdir=DIR).",
          e);
    }
  }

  // On Unix the file has no name from here on, so that nothing is left behind even by a crash.
  private static FileChannel create(Path folder) throws IOException {
    Path path = Files.createTempFile(folder, "lookback-", ".ids");
    return FileChannel.open(
        path,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  private static void write(FileChannel file, byte[] packed) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(packed);
    while (rest.hasRemaining()) {
      file.write(rest);
    }
  }

  @Override
  public void close() {
    PackedTokens.close(file);
  }
}
