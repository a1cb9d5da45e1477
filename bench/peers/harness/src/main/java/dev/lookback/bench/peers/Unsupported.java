package dev.lookback.bench.peers;

/** Something that a library does not have; the message says what. */
public final class Unsupported extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An exception that says what is missing. */
  public Unsupported(String message) {
    super(message);
  }
}
