package dev.lookback.cli;

import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.gradient.Memory;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the past is remembered. */
final class MemoryOption {
  @Option(
      names = "--memory",
      paramLabel = "BYTES",
      description = "Most activations, such as 64MiB; the rest is recomputed")
  private Optional<String> memory = Optional.empty();

  @Option(names = "--refresh", description = "sliding: recompute what lies behind a window")
  private boolean refresh;

  /** The budget, or none. */
  Memory memory() {
    return memory
        .map(text -> Memory.within(ByteSize.parse("--memory", text)))
        .orElse(Memory.unlimited());
  }

  /** Makes what auto has where nothing is said, half of the heap, the option's value. */
  void settle(CouplingPolicy coupling) {
    if (memory.isEmpty() && coupling instanceof CouplingPolicy.Auto) {
      memory = Optional.of(Long.toString(Runtime.getRuntime().maxMemory() / 2));
    }
  }

  /** A coupling remembered as said; auto has half of the heap where nothing is. */
  Bptt method(CouplingPolicy coupling) {
    boolean shares = memory.isEmpty() && coupling instanceof CouplingPolicy.Auto;
    Memory room = shares ? Memory.within(Runtime.getRuntime().maxMemory() / 2) : memory();
    Bptt method = Bptt.of(coupling).within(room);
    return refresh ? method.refreshing() : method;
  }
}
