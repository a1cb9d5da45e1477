package dev.lookback.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stream of text in UTF-8 that remembers why it could not be written. A {@code PrintStream} alone
 * swallows that, and a result that went nowhere would look like a success.
 */
public final class Output extends PrintStream {
  private static final int KIND_OF_FILE = 0xf000;
  private static final int PIPE = 0x1000;
  private static final int SOCKET = 0xc000;

  private final Target target;
  private final boolean standard;

  private final EscapingStream escaping;

  private Output(Target target, EscapingStream escaping, boolean standard) {
    super(escaping, true, StandardCharsets.UTF_8);
    this.target = target;
    this.escaping = escaping;
    this.standard = standard;
  }

  private static Output over(OutputStream stream, boolean escapes, boolean standard) {
    Target target = new Target(stream);
    return new Output(
        target, new EscapingStream(new BufferedOutputStream(target), escapes), standard);
  }

  /** Writes to a stream of the program as it is. */
  public static Output to(OutputStream stream) {
    return stream instanceof Output output ? output : over(stream, false, false);
  }

  /** Writes to a stream of the program, with escapes for what a terminal would obey. */
  public static Output escaping(OutputStream stream) {
    return stream instanceof Output output ? output : over(stream, true, false);
  }

  /** Writes to standard output, with escapes for what a terminal would obey. */
  static Output standard() {
    return over(new FileOutputStream(FileDescriptor.out), true, true);
  }

  /** Prints text as it is: for files and pipes, and where a person wants it so. */
  public void raw(String text) {
    boolean before = escaping.escapes(false);
    print(text);
    escaping.escapes(before);
  }

  /** Why something written so far is lost, if it is. */
  public Optional<IOException> failure() {
    // Asking writes what is still buffered.
    boolean failed = checkError();
    return Optional.ofNullable(target.failure)
        .or(() -> failed ? Optional.of(new IOException("no reason was given")) : Optional.empty());
  }

  /**
   * Whether what was written is lost because nobody reads it any more, as behind {@code | head}.
   */
  public boolean isAbandoned() {
    return failure().isPresent()
        && ((standard && isPipe())
            || String.valueOf(failure().get().getMessage())
                .toLowerCase(Locale.ROOT)
                .contains("pipe"));
  }

  // The system's message is in the user's language: what kind of file it is says it in every one.
  private static boolean isPipe() {
    try {
      int mode = (Integer) Files.getAttribute(Path.of("/dev/fd/1"), "unix:mode");
      return (mode & KIND_OF_FILE) == PIPE || (mode & KIND_OF_FILE) == SOCKET;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // No such files on this system; its message has to do.
      return false;
    }
  }

  /** Where the bytes go; after a failure nowhere, so that nothing is written with a gap. */
  private static final class Target extends OutputStream {
    private final OutputStream stream;
    private volatile @Nullable IOException failure;

    Target(OutputStream stream) {
      this.stream = stream;
    }

    private interface Step {
      void run() throws IOException;
    }

    private void attempt(Step step) throws IOException {
      IOException before = failure;
      if (before != null) {
        throw before;
      }
      try {
        step.run();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void write(int b) throws IOException {
      attempt(() -> stream.write(b));
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      attempt(() -> stream.write(bytes, from, count));
    }

    @Override
    public void flush() throws IOException {
      attempt(stream::flush);
    }
  }
}
