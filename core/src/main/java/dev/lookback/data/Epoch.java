package dev.lookback.data;

import dev.lookback.window.Window;
import java.util.Iterator;

/** The windows of one pass over the data. Each window has arrays of its own. */
public interface Epoch extends Iterator<Window> {

  /**
   * Whether the state has to start afresh before the window that {@link #next()} returned last.
   * True before the first call.
   */
  boolean startsAfresh();

  /** How many windows of the full T steps, and remainders where kept, the whole epoch has. */
  long windows();

  /** Where the epoch stands, to come back to with {@link #seek(long)}. */
  long position();

  /** Goes to a position that {@link #position()} gave in the same epoch: how a run resumes. */
  void seek(long position);
}
