package dev.lookback;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Bytes that a thread has ever allocated. By name, because the module that the tests are compiled
 * into reads no management.
 */
public final class Meter {
  private static final MethodHandle READ = find();

  private Meter() {}

  private static MethodHandle find() {
    try {
      Object threads =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getThreadMXBean")
              .invoke(null);
      Class<?> type = Class.forName("com.sun.management.ThreadMXBean");
      return MethodHandles.publicLookup()
          .findVirtual(type, "getCurrentThreadAllocatedBytes", MethodType.methodType(long.class))
          .bindTo(threads);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this virtual machine does not count allocations", e);
    }
  }

  /** Bytes that this thread has allocated. */
  public static long read() {
    try {
      return (long) READ.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
