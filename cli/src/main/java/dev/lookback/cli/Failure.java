package dev.lookback.cli;

import org.jspecify.annotations.Nullable;

/** A mistake or mishap that the user is told of in one message, with its exit code. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  private Failure(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Wrong usage. */
  public static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message, null);
  }

  /** Wrong usage, found by a deeper layer. */
  public static Failure usage(String message, Throwable cause) {
    return new Failure(ExitCode.USAGE, message, cause);
  }

  /** Bad input. */
  public static Failure input(String message) {
    return new Failure(ExitCode.INPUT, message, null);
  }

  /** Bad input, found by a deeper layer. */
  public static Failure input(String message, Throwable cause) {
    return new Failure(ExitCode.INPUT, message, cause);
  }

  /** Something failed while running. */
  public static Failure running(String message, @Nullable Throwable cause) {
    return new Failure(ExitCode.FAILED, message, cause);
  }

  /** Training diverged. */
  public static Failure diverged(String message, Throwable cause) {
    return new Failure(ExitCode.DIVERGED, message, cause);
  }

  /** The code to exit with. */
  public int exitCode() {
    return exitCode;
  }
}
