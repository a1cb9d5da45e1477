package dev.lookback.network;

import dev.lookback.math.KeyedStore;
import java.util.Optional;

/** A store of streams, as the cache of their states calls it. */
record StoredStates<K>(StreamStore<K> store, Network network) implements KeyedStore<K, State> {
  @Override
  public boolean load(K stream, State fresh) {
    Optional<StreamState> saved = store.load(stream);
    saved.ifPresent(state -> state.requireFits(network));
    saved.ifPresent(state -> state.copyTo(fresh));
    return saved.isPresent();
  }

  @Override
  public void save(K stream, State state) {
    store.save(stream, StreamState.of(state));
  }

  @Override
  public boolean remove(K stream) {
    return store.remove(stream);
  }
}
