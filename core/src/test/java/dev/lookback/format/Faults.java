package dev.lookback.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk with room for some bytes, and errors at the end if wanted. */
record Faults(int room, boolean atForce, boolean atClose) implements AtomicFile.Disk {
  @Override
  public AtomicFile.Sink create(Path path) throws IOException {
    return new FaultySink(this, Files.newOutputStream(path));
  }

  private static final class FaultySink implements AtomicFile.Sink {
    private final Faults faults;
    private final OutputStream out;
    private int written;

    FaultySink(Faults faults, OutputStream out) {
      this.faults = faults;
      this.out = out;
    }

    @Override
    public OutputStream stream() {
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          if (++written > faults.room()) {
            throw new IOException("No space left on device");
          }
          out.write(b);
        }
      };
    }

    @Override
    public void force() throws IOException {
      if (faults.atForce()) {
        throw new IOException("Input/output error");
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
      if (faults.atClose()) {
        throw new IOException("Input/output error");
      }
    }
  }
}
