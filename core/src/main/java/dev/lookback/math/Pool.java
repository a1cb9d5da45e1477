package dev.lookback.math;

import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Things that one thread at a time can use, lent to many threads: made when one is missed, up to so
 * many, and never thrown away. Lending allocates nothing.
 *
 * @param <T> what is lent
 */
public final class Pool<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition returned = lock.newCondition();
  private final Supplier<T> maker;
  private final @Nullable Object[] idle;
  private int free;
  private int made;

  /** Lends at most {@code most} at once; who comes then waits. */
  public Pool(int most, Supplier<T> maker) {
    if (most < 1) {
      throw new IllegalArgumentException("a pool of " + most + " things needs 1 or more");
    }
    this.maker = maker;
    this.idle = new Object[most];
  }

  /** Takes one, and waits for one where all are lent. Give it back with {@link #give}. */
  @SuppressWarnings("unchecked") // only what the maker made is in there
  public T take() {
    lock.lock();
    try {
      while (free == 0 && made == idle.length) {
        returned.awaitUninterruptibly();
      }
      if (free > 0) {
        return (T) Objects.requireNonNull(idle[--free]);
      }
      made++;
    } finally {
      lock.unlock();
    }
    return make();
  }

  // Takes long enough that others should not wait for it.
  private T make() {
    boolean done = false;
    try {
      T fresh = maker.get();
      done = true;
      return fresh;
    } finally {
      if (!done) {
        forgetOne();
      }
    }
  }

  /** Gives back what was taken. */
  public void give(T lent) {
    lock.lock();
    try {
      idle[free++] = lent;
      returned.signal();
    } finally {
      lock.unlock();
    }
  }

  private void forgetOne() {
    lock.lock();
    try {
      made--;
      returned.signal();
    } finally {
      lock.unlock();
    }
  }

  /** How many there are, lent or not. */
  public int made() {
    lock.lock();
    try {
      return made;
    } finally {
      lock.unlock();
    }
  }
}
