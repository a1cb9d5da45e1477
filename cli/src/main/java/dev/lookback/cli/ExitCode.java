package dev.lookback.cli;

/** Exit codes, the same for every command. */
public final class ExitCode {
  /** Done. */
  public static final int DONE = 0;

  /** Failed while running, such as a full disk. */
  public static final int FAILED = 1;

  /** Wrong usage: an option, a combination, a value. */
  public static final int USAGE = 2;

  /** Bad input: a missing, empty, malformed or unfitting file. */
  public static final int INPUT = 3;

  /** Training diverged: the loss or the gradient is no longer a number. */
  public static final int DIVERGED = 4;

  /** A mistake of this program itself, which is to be reported. */
  public static final int DEFECT = 70;

  /** Ended by Ctrl-C, after saving. */
  public static final int INTERRUPTED = 130;

  /** Nobody reads standard output any more: 128 and the number of SIGPIPE, as shells have it. */
  public static final int ABANDONED = 141;

  /** Ended by SIGTERM, after saving. The virtual machine itself exits with it. */
  public static final int TERMINATED = 143;

  private ExitCode() {}
}
