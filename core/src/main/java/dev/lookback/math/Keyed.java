package dev.lookback.math;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values by key for many threads: each value is held by one thread at a time, different ones at
 * once. A value is made when its key is first held. Where only so many are kept, the one that was
 * held longest ago and is not held now is evicted; with a {@link KeyedStore} it comes back when its
 * key is held again.
 *
 * <p>A key has one value at any moment: it is held while it is saved and while it is loaded, and
 * whoever wants it meanwhile waits. No thread waits for a value while it evicts one.
 *
 * @param <K> the keys; as of a hash map
 * @param <V> the values, which may change while they are held
 */
public final class Keyed<K, V> {
  private final Map<K, Held<K, V>> values;
  private final boolean bounded;
  private final int most;
  private final Function<K, Held<K, V>> maker;
  private final KeyedStore<K, V> store;
  private final boolean loads;
  private final AtomicLong serials = new AtomicLong();
  // The threads that are inside of the store, which would wait for themselves here.
  private final Set<Thread> storing = ConcurrentHashMap.newKeySet();

  /**
   * A value in the hands of one thread, until it is let go.
   *
   * @param <K> its key
   * @param <V> the value
   */
  public static final class Held<K, V> {
    private static final Comparator<Held<?, ?>> ORDER = Comparator.comparingLong(h -> h.serial);

    private final ReentrantLock lock = new ReentrantLock();
    private final K key;
    private final V value;
    private final long serial;
    // What follows is guarded by the lock. Gone: nobody finds it under its key any more.
    private boolean gone;
    // It has been held, and loaded where there was something to load.
    private boolean begun;
    private boolean loaded;
    // By someone who uses it, and did not only ask whether it is there.
    private boolean used;

    private Held(K key, V value, long serial) {
      this.key = key;
      this.value = value;
      this.serial = serial;
    }

    /** The value. */
    public V value() {
      return value;
    }

    /** Lets it go. */
    public void release() {
      lock.unlock();
    }
  }

  private Keyed(
      Map<K, Held<K, V>> values,
      int most,
      Supplier<V> fresh,
      KeyedStore<K, V> store,
      boolean loads) {
    this.values = values;
    this.bounded = most < Integer.MAX_VALUE;
    this.most = most;
    this.maker = key -> new Held<>(key, fresh.get(), serials.getAndIncrement());
    this.store = store;
    this.loads = loads;
  }

  /** Keeps all of them. */
  public static <K, V> Keyed<K, V> all(Supplier<V> fresh) {
    KeyedStore<K, V> none = KeyedStore.telling((key, value) -> {});
    return new Keyed<>(new ConcurrentHashMap<>(), Integer.MAX_VALUE, fresh, none, false);
  }

  /**
   * Keeps at most so many.
   *
   * @param evicted told of one that is evicted, in the thread that needs its place; the value is
   *     held until this returns, and stays if it throws
   */
  public static <K, V> Keyed<K, V> most(int most, Supplier<V> fresh, BiConsumer<K, V> evicted) {
    return new Keyed<>(
        new LinkedHashMap<>(16, 0.75f, true), most, fresh, KeyedStore.telling(evicted), false);
  }

  /** Keeps at most so many, and the others in a store. */
  public static <K, V> Keyed<K, V> most(int most, Supplier<V> fresh, KeyedStore<K, V> store) {
    return new Keyed<>(new LinkedHashMap<>(16, 0.75f, true), most, fresh, store, true);
  }

  /** Holds the value of a key, a fresh one where there is none; waits while another thread does. */
  public Held<K, V> hold(K key) {
    return hold(key, true);
  }

  /** Holds a key whose value is going to be overwritten as a whole: nothing is loaded. */
  public Held<K, V> holdToOverwrite(K key) {
    return hold(key, false);
  }

  private Held<K, V> hold(K key, boolean load) {
    requireOutsideOfTheStore();
    while (true) {
      Held<K, V> held = find(key, List.of());
      if (isHeld(held, load)) {
        held.used = true;
        return held;
      }
    }
  }

  /** Holds the value of a key if there is one, here or in the store. */
  public Optional<Held<K, V>> holdIfThere(K key) {
    requireOutsideOfTheStore();
    while (true) {
      Optional<Held<K, V>> there = loads ? Optional.of(find(key, List.of())) : peek(key);
      if (there.isEmpty()) {
        return there;
      }
      Held<K, V> held = there.get();
      if (isHeld(held, true)) {
        if (loads && !held.loaded && !held.used) {
          drop(held);
          return Optional.empty();
        }
        return there;
      }
    }
  }

  /**
   * Holds the values of several keys at once, in the order of the keys.
   *
   * @throws IllegalArgumentException if a key stands twice, or more are asked for than are kept
   */
  public List<Held<K, V>> hold(List<K> keys) {
    requireOutsideOfTheStore();
    if (keys.size() > most) {
      throw new IllegalArgumentException(
          keys.size() + " at once are more than the " + most + " that are kept: keep more");
    }
    while (true) {
      List<Held<K, V>> found = new ArrayList<>(keys.size());
      boolean done = false;
      try {
        for (K key : keys) {
          found.add(find(key, keys));
        }
        if (areHeld(ordered(found))) {
          done = true;
          return found;
        }
      } finally {
        if (!done) {
          found.forEach(this::dropUnlessBegun);
        }
      }
    }
  }

  // What was found for a call that failed, or that has to look again.
  private void dropUnlessBegun(Held<K, V> held) {
    held.lock.lock();
    if (held.gone || held.begun) {
      held.lock.unlock();
    } else {
      drop(held);
    }
  }

  // All threads hold in one order, so that no two wait for each other.
  private List<Held<K, V>> ordered(List<Held<K, V>> found) {
    List<Held<K, V>> ordered = new ArrayList<>(found);
    ordered.sort(Held.ORDER);
    for (int i = 1; i < ordered.size(); i++) {
      if (ordered.get(i) == ordered.get(i - 1)) {
        throw new IllegalArgumentException(ordered.get(i).key + " stands twice: name each once");
      }
    }
    return ordered;
  }

  private boolean areHeld(List<Held<K, V>> ordered) {
    int held = 0;
    try {
      while (held < ordered.size() && isHeld(ordered.get(held), true)) {
        ordered.get(held++).used = true;
      }
    } finally {
      if (held < ordered.size()) {
        ordered.subList(0, held).forEach(Held::release);
      }
    }
    return held == ordered.size();
  }

  // False where it went while we waited for it. A value that cannot be loaded is not there.
  private boolean isHeld(Held<K, V> held, boolean load) {
    held.lock.lock();
    if (held.gone) {
      held.lock.unlock();
      return false;
    }
    if (!held.begun) {
      boolean done = false;
      try {
        held.loaded = loads && load && inStore(() -> store.load(held.key, held.value));
        held.begun = true;
        done = true;
      } finally {
        if (!done) {
          drop(held);
        }
      }
    }
    return true;
  }

  private boolean inStore(Supplier<Boolean> call) {
    storing.add(Thread.currentThread());
    try {
      return call.get();
    } finally {
      storing.remove(Thread.currentThread());
    }
  }

  private void requireOutsideOfTheStore() {
    if (bounded && !storing.isEmpty() && storing.contains(Thread.currentThread())) {
      throw new IllegalStateException(
          "what is told of an evicted value, or loads, saves or removes one, wants another value:"
              + " it would wait for one that waits for it. Do that when the call has returned");
    }
  }

  // Not one of these keys has to go for one of them.
  private Held<K, V> find(K key, List<K> keys) {
    Objects.requireNonNull(key, "a key is missing (null): pass one");
    if (!bounded) {
      Held<K, V> held = values.get(key);
      return held == null ? values.computeIfAbsent(key, maker) : held;
    }
    while (true) {
      Held<K, V> victim;
      synchronized (values) {
        Held<K, V> held = values.get(key);
        if (held == null && values.size() < most) {
          held = maker.apply(key);
          values.put(key, held);
        }
        if (held != null) {
          return held;
        }
        victim = victim(keys);
      }
      Held<K, V> held = inPlaceOf(victim, key);
      if (held != null) {
        return held;
      }
    }
  }

  // The one held longest ago, and locked, if one is free; else the first to wait for.
  private Held<K, V> victim(List<K> keys) {
    Held<K, V> first = null;
    for (Held<K, V> held : values.values()) {
      if (!keys.contains(held.key)) {
        if (held.lock.tryLock()) {
          return held;
        }
        first = first == null ? held : first;
      }
    }
    return Objects.requireNonNull(first, "fewer keys are asked for than are kept");
  }

  // Until the victim is saved its key has its value, and who wants it waits for it.
  private @Nullable Held<K, V> inPlaceOf(Held<K, V> victim, K key) {
    if (!victim.lock.isHeldByCurrentThread()) {
      victim.lock.lock();
      try {
        return null;
      } finally {
        victim.lock.unlock();
      }
    }
    try {
      if (victim.begun) {
        inStore(
            () -> {
              store.save(victim.key, victim.value);
              return true;
            });
      }
      synchronized (values) {
        victim.gone = true;
        values.remove(victim.key);
        return values.computeIfAbsent(key, maker);
      }
    } finally {
      victim.lock.unlock();
    }
  }

  // Of a value that is held here.
  private void drop(Held<K, V> held) {
    held.gone = true;
    synchronized (values) {
      values.remove(held.key);
    }
    held.lock.unlock();
  }

  private Optional<Held<K, V>> peek(K key) {
    synchronized (values) {
      return Optional.ofNullable(values.get(key));
    }
  }

  /**
   * Drops the value of a key, in the store too, after whoever holds it; says whether there was one.
   */
  public boolean forget(K key) {
    requireOutsideOfTheStore();
    while (true) {
      Held<K, V> held;
      boolean there;
      synchronized (values) {
        Optional<Held<K, V>> found = Optional.ofNullable(values.get(key));
        if (found.isEmpty() && !loads) {
          return false;
        }
        there = found.isPresent();
        // For as long as the store is asked the key is held, one too many or not.
        held = found.orElseGet(() -> values.computeIfAbsent(key, maker));
        if (!there) {
          held.lock.lock();
        }
      }
      if (there) {
        held.lock.lock();
      }
      if (held.gone) {
        held.lock.unlock();
      } else {
        return removed(held, there);
      }
    }
  }

  private boolean removed(Held<K, V> held, boolean there) {
    boolean done = false;
    try {
      boolean stored = loads && inStore(() -> store.remove(held.key));
      done = true;
      return stored || (there && (held.begun || !loads));
    } finally {
      if (done || !there) {
        drop(held);
      } else {
        held.lock.unlock();
      }
    }
  }

  /** The keys that have a value here now. */
  public List<K> keys() {
    synchronized (values) {
      return List.copyOf(values.keySet());
    }
  }

  /** How many values there are here now. */
  public int size() {
    synchronized (values) {
      return values.size();
    }
  }
}
