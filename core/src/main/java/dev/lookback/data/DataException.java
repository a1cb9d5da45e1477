package dev.lookback.data;

/**
 * The data handed in cannot be used. The message is meant for the person who passed it: what is
 * wrong, what was found, what is needed, what to do.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem seen in the data itself. */
  public DataException(String message) {
    super(message);
  }

  /** A problem that something below reported. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
