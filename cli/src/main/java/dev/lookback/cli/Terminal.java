package dev.lookback.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes: results go to {@code out}, progress and warnings to {@code
 * err}.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param interactive whether a person watches {@code err}, so that a progress bar may be drawn
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {

  /** Tells the user something that does not stop the command. */
  public void warn(String message) {
    err.println("warning: " + message);
  }
}
