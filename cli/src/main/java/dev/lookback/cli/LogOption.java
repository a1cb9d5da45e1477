package dev.lookback.cli;

import picocli.CommandLine.Option;

/** How standard error tells of what goes on. */
final class LogOption {
  static final String NAME = "--log-format";
  static final String JSON = "json";

  @Option(
      names = NAME,
      paramLabel = "F",
      defaultValue = "text",
      description = "Standard error as text or json, a line each [${DEFAULT-VALUE}]")
  private String format = "text";

  /** The terminal as asked for. */
  Terminal of(Terminal terminal) {
    return switch (format) {
      case "text" -> terminal;
      case JSON -> terminal.logs() ? terminal : terminal.logging();
      default -> throw Failure.usage(NAME + " is \"" + format + "\" but has to be text or " + JSON);
    };
  }
}
