package dev.lookback.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;

/** Ids in the packed chunks of a {@link TokenStore}, in memory or in a file. */
final class PackedTokens implements Tokens {
  private final Chunks chunks;
  private final int[] ids;

  /**
   * Packed chunks.
   *
   * @param length ids in all
   * @param inMemory the chunks, unless there is a file
   * @param file the chunks one after another
   * @param offsets where each starts in the file
   * @param widths bytes per id in each
   */
  record Chunks(
      long length,
      List<byte[]> inMemory,
      Optional<FileChannel> file,
      long[] offsets,
      byte[] widths) {

    /** The packed bytes of {@code count} ids of a chunk. */
    ByteBuffer bytes(int chunk, int from, int count) throws IOException {
      int width = widths[chunk];
      if (file.isEmpty()) {
        return ByteBuffer.wrap(inMemory.get(chunk), from * width, count * width);
      }
      ByteBuffer buffer = ByteBuffer.allocate(count * width);
      long start = offsets[chunk] + (long) from * width;
      while (buffer.hasRemaining()) {
        if (file.get().read(buffer, start + buffer.position()) < 0) {
          throw new EOFException("the temporary file is shorter than what was written to it");
        }
      }
      return buffer.flip();
    }
  }

  PackedTokens(Chunks chunks, int[] ids) {
    this.chunks = chunks;
    this.ids = ids;
  }

  @Override
  public long length() {
    return chunks.length;
  }

  @Override
  public int read(long from, int[] into, int offset, int count) {
    int total = (int) Math.max(0, Math.min(count, chunks.length - from));
    int done = 0;
    while (done < total) {
      long position = from + done;
      int chunk = Math.toIntExact(position >>> TokenStore.CHUNK_BITS);
      int within = (int) (position & (TokenStore.CHUNK - 1));
      int piece = Math.min(total - done, TokenStore.CHUNK - within);
      unpack(chunk, within, into, offset + done, piece);
      done += piece;
    }
    return total;
  }

  private void unpack(int chunk, int within, int[] into, int offset, int count) {
    try {
      ByteBuffer bytes = chunks.bytes(chunk, within, count);
      int width = chunks.widths[chunk];
      for (int i = 0; i < count; i++) {
        int number = 0;
        for (int k = 0; k < width; k++) {
          number = number << 8 | (bytes.get() & 0xFF);
        }
        into[offset + i] = ids[number];
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the ids' temporary file cannot be read", e);
    }
  }

  boolean isOnDisk() {
    return chunks.file.isPresent();
  }

  void close() {
    close(chunks.file);
  }

  static void close(Optional<FileChannel> file) {
    try {
      if (file.isPresent()) {
        file.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the ids' temporary file cannot be removed", e);
    }
  }
}
