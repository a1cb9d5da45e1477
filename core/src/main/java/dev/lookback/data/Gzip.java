package dev.lookback.data;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** What was compressed by gzip, with the reason in words where it is damaged. */
final class Gzip extends FilterInputStream {
  private static final int BUFFER = 1 << 16;

  /** Compressed data that are not whole. */
  static final class Damaged extends IOException {
    private static final long serialVersionUID = 1;

    Damaged(IOException cause) {
      super(
          "it is compressed by gzip but damaged: "
              + (cause instanceof EOFException
                  ? "it ends too early, as a file that was cut off"
                  : cause.getMessage()),
          cause);
    }
  }

  private Gzip(InputStream in) {
    super(in);
  }

  static InputStream unpacking(InputStream in) throws IOException {
    try {
      return new Gzip(new GZIPInputStream(in, BUFFER));
    } catch (EOFException | ZipException e) {
      throw new Damaged(e);
    }
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (EOFException | ZipException e) {
      throw new Damaged(e);
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    try {
      return super.read(bytes, offset, count);
    } catch (EOFException | ZipException e) {
      throw new Damaged(e);
    }
  }
}
