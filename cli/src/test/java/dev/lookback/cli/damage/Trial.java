package dev.lookback.cli.damage;

/**
 * A good file, and what reads damaged ones of it.
 *
 * @param reader what reads it
 * @param name of the good file among those of this reader
 * @param form its structure
 * @param whole its bytes
 * @param attempt reads a damaged one
 */
public record Trial(String reader, String name, Form form, byte[] whole, Attempt attempt) {

  /** Reads a file or is told why not. */
  public interface Attempt {
    /**
     * Reads a file and uses what was read.
     *
     * @return whether it was read; if not, it was refused as it has to be
     * @throws Exception everything else that can happen, all of which is wrong
     */
    boolean reads(byte[] damaged) throws Exception;
  }
}
