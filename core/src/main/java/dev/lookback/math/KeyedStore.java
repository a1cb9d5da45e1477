package dev.lookback.math;

import java.util.function.BiConsumer;

/**
 * Where the evicted values of a {@link Keyed} are. It is called for one key by one thread at a
 * time, which holds the key's value: what it throws reaches whoever asked for a value, and changes
 * nothing.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public interface KeyedStore<K, V> {
  /** Overwrites a fresh value with the one saved last; false where there is none. */
  boolean load(K key, V fresh);

  /** Saves a value that is evicted when this returns. */
  void save(K key, V value);

  /** Drops the value saved last; says whether there was one. */
  boolean remove(K key);

  /** A store of nothing, which tells what would be saved. */
  static <K, V> KeyedStore<K, V> telling(BiConsumer<K, V> evicted) {
    return new KeyedStore<>() {
      @Override
      public boolean load(K key, V fresh) {
        return false;
      }

      @Override
      public void save(K key, V value) {
        evicted.accept(key, value);
      }

      @Override
      public boolean remove(K key) {
        return false;
      }
    };
  }
}
