/** A module, so that only what the library exports can be used. */
module dev.lookback.examples {
  requires static org.jspecify;
  requires dev.lookback.core;
}
