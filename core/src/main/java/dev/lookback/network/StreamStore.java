package dev.lookback.network;

import java.util.Optional;

/**
 * Where a {@link StreamPredictor} has the states of the streams that it does not keep in memory: a
 * map, files, a database.
 *
 * <p><b>Threads.</b> Called by any thread that uses the predictor, for different streams at once.
 * For one stream it is called by one thread at a time, and the stream is held meanwhile: nobody
 * steps, resets, restores, loads or forgets it until the call has returned. So it may not use the
 * streams of the predictor that calls it.
 *
 * <p><b>Errors.</b> What a method throws reaches the caller of the predictor, and all streams are
 * as they were: one that could not be saved stays in memory, one that could not be loaded does not
 * begin. Trying again is safe. {@link StreamPredictor#reset} and {@link StreamPredictor#restore} do
 * not load, so that a stream whose saved state is damaged can begin again.
 *
 * @param <K> the ids of the streams
 */
public interface StreamStore<K> {
  /**
   * The state that was saved last, or none. It may be taken out of the store: before it is asked
   * for again it is saved again.
   */
  Optional<StreamState> load(K stream);

  /** Saves a state in place of the one saved before. When this returns the stream leaves memory. */
  void save(K stream, StreamState state);

  /** Drops what is saved of a stream; says whether there was something. */
  boolean remove(K stream);
}
