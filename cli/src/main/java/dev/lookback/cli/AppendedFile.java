package dev.lookback.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/**
 * A file that grows with a training. What cannot be written waits in memory until it can: the file
 * is opened for each piece, so that a full disk, or a folder that was removed, is noticed and got
 * over. Half a piece is cut off before the next is written.
 */
final class AppendedFile {
  private final Path path;
  private final UnaryOperator<byte[]> again;
  private final MessageDigest digest = sha256();
  private byte[] waiting = {};
  private long written;
  private boolean shortened;
  // Whether the digest is that of what was written and waits.
  private boolean digested = true;

  /**
   * Where a file ends, and the SHA-256 of what it then holds.
   *
   * @param bytes its length
   * @param sha256 in hexadecimal digits
   */
  record Mark(long bytes, String sha256) {}

  /**
   * A file that is still to be begun.
   *
   * @param again what a file begins with that somebody removed, given what waits to be written
   */
  AppendedFile(Path path, UnaryOperator<byte[]> again) {
    this.path = path;
    this.again = again;
  }

  Path path() {
    return path;
  }

  /** Adds bytes, to be written by {@link #flush}. */
  void append(byte[] bytes) {
    ByteArrayOutputStream more = new ByteArrayOutputStream(waiting.length + bytes.length);
    more.writeBytes(waiting);
    more.writeBytes(bytes);
    waiting = more.toByteArray();
    if (digested) {
      digest.update(bytes);
    }
  }

  /** The file is there, and this is what it holds. */
  void stands(byte[] content) {
    written = content.length;
    digest.update(content);
  }

  /** Whether everything is written. */
  boolean isWritten() {
    return waiting.length == 0 && !shortened;
  }

  /** Writes what waits. */
  void flush() throws IOException {
    if (isWritten()) {
      return;
    }
    if (written > 0 && lacks()) {
      beginAgain();
    }
    try (FileChannel out = open()) {
      out.truncate(written);
      out.position(written);
      ByteBuffer bytes = ByteBuffer.wrap(waiting);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
    written += waiting.length;
    waiting = new byte[0];
    shortened = false;
  }

  private FileChannel open() throws IOException {
    Path folder = path.toAbsolutePath().resolveSibling("");
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    SmallFile.requirePlain(path);
    return written == 0
        ? FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
        : FileChannel.open(path, StandardOpenOption.WRITE);
  }

  // Somebody removed or shortened the file, but not its folder.
  private boolean lacks() throws IOException {
    return Files.isDirectory(path.toAbsolutePath().resolveSibling(""))
        && (Files.notExists(path) || (Files.isRegularFile(path) && Files.size(path) < written));
  }

  private void beginAgain() {
    byte[] all = again.apply(waiting);
    waiting = new byte[0];
    written = 0;
    digest.reset();
    digested = true;
    append(all);
  }

  /** Where it ends, once everything is written. */
  Mark mark() throws IOException {
    if (!digested) {
      digest();
    }
    try {
      MessageDigest soFar = (MessageDigest) digest.clone();
      return new Mark(written + waiting.length, HexFormat.of().formatHex(soFar.digest()));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's SHA-256 can be copied", e);
    }
  }

  /**
   * Goes on behind a mark in the file that is there.
   *
   * @param end what it ended with there, in case that a power cut took it away
   * @return whether it holds what it held at the mark
   */
  boolean goOnFrom(Mark mark, byte[] end) throws IOException {
    long size = Files.isRegularFile(path) ? Files.size(path) : 0;
    boolean whole = size >= mark.bytes();
    written = whole ? mark.bytes() : mark.bytes() - end.length;
    if (written < 0 || written > size) {
      return false;
    }
    shortened = size > written;
    digest();
    if (!whole) {
      append(end);
    }
    return mark().equals(mark);
  }

  /** Leaves the first bytes and forgets the rest, which {@link #flush} then removes. */
  void cut(long bytes) {
    shortened |= bytes < written;
    waiting = Arrays.copyOf(waiting, (int) Math.max(0, bytes - written));
    written = Math.min(written, bytes);
    digested = false;
  }

  private void digest() throws IOException {
    digested = false;
    digest.reset();
    byte[] chunk = new byte[1 << 14];
    try (InputStream in = read()) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    }
    digested = true;
  }

  /** Everything in it, what waits included. */
  InputStream read() throws IOException {
    InputStream rest = new ByteArrayInputStream(waiting);
    if (written == 0) {
      return rest;
    }
    SmallFile.requirePlain(path);
    FileChannel in = FileChannel.open(path, StandardOpenOption.READ);
    return new SequenceInputStream(new First(Channels.newInputStream(in), written), rest);
  }

  /** Everything in it, or what waits where the rest cannot be read. */
  byte[] readable() {
    try (InputStream in = read()) {
      return in.readAllBytes();
    } catch (IOException e) {
      return waiting.clone();
    }
  }

  // The first bytes of a stream.
  private static final class First extends FilterInputStream {
    private long left;

    First(InputStream in, long count) {
      super(in);
      this.left = count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int from, int count) throws IOException {
      if (left == 0) {
        return -1;
      }
      int read = super.read(to, from, (int) Math.min(count, left));
      left -= Math.max(0, read);
      return read;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
