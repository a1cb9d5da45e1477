package dev.lookback.math;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Values by key for many threads: each value is held by one thread at a time, different ones at
 * once. A value is made when its key is first held. Where only so many are kept, the one that was
 * held longest ago goes, and whoever wants to know is told.
 *
 * @param <K> the keys; as of a hash map
 * @param <V> the values, which may change while they are held
 */
public final class Keyed<K, V> {
  private final Map<K, Held<V>> values;
  private final boolean bounded;
  private final int most;
  private final Function<K, Held<V>> maker;
  private final BiConsumer<K, V> evicted;
  private final AtomicLong serials = new AtomicLong();

  /**
   * A value in the hands of one thread, until it is let go.
   *
   * @param <V> the value
   */
  public static final class Held<V> {
    private static final Comparator<Held<?>> ORDER = Comparator.comparingLong(h -> h.serial);

    private final ReentrantLock lock = new ReentrantLock();
    private final V value;
    private final long serial;
    // Guarded by the lock: nobody finds it under its key any more.
    private boolean gone;

    private Held(V value, long serial) {
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

  private Keyed(Map<K, Held<V>> values, int most, Supplier<V> fresh, BiConsumer<K, V> evicted) {
    this.values = values;
    this.bounded = most < Integer.MAX_VALUE;
    this.most = most;
    this.maker = key -> new Held<>(fresh.get(), serials.getAndIncrement());
    this.evicted = evicted;
  }

  /** Keeps all of them. */
  public static <K, V> Keyed<K, V> all(Supplier<V> fresh) {
    return new Keyed<>(new ConcurrentHashMap<>(), Integer.MAX_VALUE, fresh, (key, value) -> {});
  }

  /**
   * Keeps at most so many.
   *
   * @param evicted told of one that has gone, in the thread that needed its place, which holds
   *     nothing then; the value is nobody else's any more
   */
  public static <K, V> Keyed<K, V> most(int most, Supplier<V> fresh, BiConsumer<K, V> evicted) {
    return new Keyed<>(new LinkedHashMap<>(16, 0.75f, true), most, fresh, evicted);
  }

  /** The most that are kept. */
  public int most() {
    return most;
  }

  /** Holds the value of a key, a fresh one where there is none; waits while another thread does. */
  public Held<V> hold(K key) {
    while (true) {
      Held<V> held = find(key);
      if (isHeld(held)) {
        return held;
      }
    }
  }

  /** Holds the value of a key if there is one. */
  public Optional<Held<V>> holdIfThere(K key) {
    while (true) {
      Optional<Held<V>> held = peek(key);
      if (held.isEmpty() || isHeld(held.get())) {
        return held;
      }
    }
  }

  /**
   * Holds the values of several keys at once, in the order of the keys.
   *
   * @throws IllegalArgumentException if a key stands twice, or more are asked for than are kept
   */
  public List<Held<V>> hold(List<K> keys) {
    if (keys.size() > most) {
      throw new IllegalArgumentException(
          keys.size() + " at once are more than the " + most + " that are kept: keep more");
    }
    while (true) {
      List<Held<V>> found = new ArrayList<>(keys.size());
      for (K key : keys) {
        found.add(find(key));
      }
      if (areHeld(ordered(found, keys))) {
        return found;
      }
    }
  }

  // All threads hold in one order, so that no two wait for each other.
  private static <K, V> List<Held<V>> ordered(List<Held<V>> found, List<K> keys) {
    List<Held<V>> ordered = new ArrayList<>(found);
    ordered.sort(Held.ORDER);
    for (int i = 1; i < ordered.size(); i++) {
      if (ordered.get(i) == ordered.get(i - 1)) {
        throw new IllegalArgumentException(
            keys.get(found.indexOf(ordered.get(i))) + " stands twice: name each once");
      }
    }
    return ordered;
  }

  private static <V> boolean areHeld(List<Held<V>> ordered) {
    for (int i = 0; i < ordered.size(); i++) {
      if (!isHeld(ordered.get(i))) {
        ordered.subList(0, i).forEach(Held::release);
        return false;
      }
    }
    return true;
  }

  // False where it went while we waited for it.
  private static boolean isHeld(Held<?> held) {
    held.lock.lock();
    if (held.gone) {
      held.lock.unlock();
      return false;
    }
    return true;
  }

  private Held<V> find(K key) {
    Objects.requireNonNull(key, "a key is missing (null): pass one");
    if (!bounded) {
      Held<V> held = values.get(key);
      return held == null ? values.computeIfAbsent(key, maker) : held;
    }
    List<Map.Entry<K, Held<V>>> victims = List.of();
    Held<V> held;
    synchronized (values) {
      held = values.get(key);
      if (held == null) {
        held = maker.apply(key);
        values.put(key, held);
        victims = overdue();
      }
    }
    // An iterator over none would be an object all the same.
    if (!victims.isEmpty()) {
      for (Map.Entry<K, Held<V>> victim : victims) {
        end(victim.getValue());
        evicted.accept(victim.getKey(), victim.getValue().value);
      }
    }
    return held;
  }

  private List<Map.Entry<K, Held<V>>> overdue() {
    List<Map.Entry<K, Held<V>>> overdue = new ArrayList<>();
    while (values.size() > most) {
      Map.Entry<K, Held<V>> eldest = values.entrySet().iterator().next();
      overdue.add(Map.entry(eldest.getKey(), eldest.getValue()));
      values.remove(eldest.getKey());
    }
    return overdue;
  }

  private static void end(Held<?> held) {
    held.lock.lock();
    try {
      held.gone = true;
    } finally {
      held.lock.unlock();
    }
  }

  private Optional<Held<V>> peek(K key) {
    if (!bounded) {
      return Optional.ofNullable(values.get(key));
    }
    synchronized (values) {
      return Optional.ofNullable(values.get(key));
    }
  }

  /** Drops the value of a key, after whoever holds it; says whether there was one. */
  public boolean forget(K key) {
    Optional<Held<V>> held;
    if (bounded) {
      synchronized (values) {
        held = Optional.ofNullable(values.remove(key));
      }
    } else {
      held = Optional.ofNullable(values.remove(key));
    }
    held.ifPresent(Keyed::end);
    return held.isPresent();
  }

  /** The keys that have a value now. */
  public List<K> keys() {
    if (!bounded) {
      return List.copyOf(values.keySet());
    }
    synchronized (values) {
      return List.copyOf(values.keySet());
    }
  }

  /** How many values there are now. */
  public int size() {
    if (!bounded) {
      return values.size();
    }
    synchronized (values) {
      return values.size();
    }
  }
}
