package dev.lookback.cli;

import dev.lookback.math.Team;

/** Tells once, and how to mend it, when the fast kernels are not there. */
final class SimdNotice {
  private SimdNotice() {}

  static void tell(Team team, Terminal terminal) {
    if (team.describe().equals("scalar")) {
      terminal.warn(
          "computing without SIMD: the same results, only later. For the fast path start"
              + System.lineSeparator()
              + "Java with --add-modules jdk.incubator.vector, as the lookback launcher does");
    }
  }
}
