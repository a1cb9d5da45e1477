/** Recurrent networks and their gradients through time. */
module dev.lookback.core {
  requires static org.jspecify;
  // Present: SIMD kernels. Absent: the scalar code that defines them, bit for bit.
  requires static jdk.incubator.vector;

  exports dev.lookback.math;
  exports dev.lookback.weights;
  exports dev.lookback.window;
}
