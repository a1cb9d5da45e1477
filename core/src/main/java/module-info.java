/** Recurrent networks and their gradients through time. */
module dev.lookback.core {
  requires static org.jspecify;
  // Present: SIMD kernels. Absent: the scalar code that defines them, bit for bit.
  requires static jdk.incubator.vector;

  exports dev.lookback.analysis;
  exports dev.lookback.book;
  exports dev.lookback.cell;
  exports dev.lookback.data;
  exports dev.lookback.data.task;
  exports dev.lookback.gradient;
  exports dev.lookback.loss;
  exports dev.lookback.format;
  exports dev.lookback.math;
  exports dev.lookback.message;
  exports dev.lookback.network;
  exports dev.lookback.optim;
  exports dev.lookback.schedule;
  exports dev.lookback.score;
  exports dev.lookback.train;
  exports dev.lookback.weights;
  exports dev.lookback.window;
}
