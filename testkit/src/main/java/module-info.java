/** Checks for cells, couplings and losses of one's own. */
module dev.lookback.testkit {
  requires static org.jspecify;
  requires transitive dev.lookback.core;

  exports dev.lookback.testkit;
}
