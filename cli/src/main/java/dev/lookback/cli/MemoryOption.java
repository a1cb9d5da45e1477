package dev.lookback.cli;

import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
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

  /** A coupling remembered as said. */
  Bptt method(Coupling coupling) {
    Bptt method = Bptt.of(coupling).within(memory());
    return refresh ? method.refreshing() : method;
  }
}
