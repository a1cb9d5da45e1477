package dev.lookback.cli;

import dev.lookback.gradient.Memory;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What contenders get the same of. */
final class EqualOption {
  private static final double DEFAULT_SECONDS = 20;

  @Option(
      names = "--equal",
      paramLabel = "WHAT",
      description = "Same updates, time or memory for each [updates]")
  private Optional<String> equal = Optional.empty();

  @Option(
      names = "--memory",
      paramLabel = "BYTES",
      description = "Most activations, such as 2MiB; else recompute")
  private Optional<String> memory = Optional.empty();

  /** What contenders get the same of. */
  enum Equal {
    /** As many steps to learn from. */
    UPDATES,
    /** As many seconds to learn in. */
    TIME,
    /** As many bytes of activations, and steps to learn from. */
    MEMORY
  }

  /** As said; else what the limits and the memory amount to. */
  Equal what(LoopOptions.Limits said) {
    boolean timed = said.seconds().isPresent();
    boolean counted = said.updates().isPresent() || said.epochs().isPresent();
    if (equal.isEmpty()) {
      if (memory.isPresent()) {
        return Equal.MEMORY;
      }
      return timed && !counted ? Equal.TIME : Equal.UPDATES;
    }
    return switch (equal.get()) {
      case "updates" -> Equal.UPDATES;
      case "time" -> {
        if (counted) {
          throw Failure.usage(
              "--equal time gives every coupling the same seconds, but --updates or --epochs would"
                  + " end one before them. Leave those out, and say --seconds");
        }
        yield Equal.TIME;
      }
      case "memory" -> Equal.MEMORY;
      default ->
          throw Failure.usage(
              "--equal is \"" + equal.get() + "\" but has to be updates, time or memory");
    };
  }

  /** The limits with what was not said of them. */
  LoopOptions.Limits complete(LoopOptions.Limits said, long updates) {
    return what(said) == Equal.TIME ? said.orSeconds(DEFAULT_SECONDS) : said.orUpdates(updates);
  }

  /** Makes what was decided the option's value, so that a record has it. */
  void settle(Equal decided) {
    equal = Optional.of(decided.name().toLowerCase(Locale.ROOT));
  }

  /** The most bytes of activations, or no limit. */
  Memory memory() {
    return memory
        .map(text -> Memory.within(ByteSize.parse("--memory", text)))
        .orElse(Memory.unlimited());
  }
}
