package dev.lookback.cli;

import dev.lookback.math.Team;

/** Tells once, and how to mend it, when the fast kernels are not there. */
final class SimdNotice {
  private SimdNotice() {}

  static void tell(Team team, Terminal terminal) {
    if (!Team.hasFusedMultiplyAdd()) {
      terminal.warn(
          "this processor has no fused multiply-add that Java uses, so that everything is computed"
              + System.lineSeparator()
              + "many times slower, with the same results. In a virtual machine, let it see the"
              + System.lineSeparator()
              + "host's processor (QEMU: -cpu host); else use one of 2013 or newer, and Java without"
              + System.lineSeparator()
              + "-XX:-UseFMA or -XX:UseAVX=0");
    } else if (team.describe().equals("scalar")) {
      terminal.warn(
          "computing without SIMD: the same results, only later. For the fast path start"
              + System.lineSeparator()
              + "Java with --add-modules jdk.incubator.vector, as the lookback launcher does");
    }
  }
}
