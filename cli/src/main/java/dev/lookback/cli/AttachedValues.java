package dev.lookback.cli;

import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine;

/**
 * Values that look like options and are none, since they stand behind {@code =}, as in {@code
 * --prompt=--json}. picocli refuses them, so they go past it with a mark.
 */
final class AttachedValues {
  // No argument can have it.
  private static final String MARK = "\0";

  private AttachedValues() {}

  /** Makes a command line take them. */
  static void accept(CommandLine line) {
    line.registerConverter(String.class, AttachedValues::unmarked);
    line.registerConverter(Path.class, value -> Main.path(unmarked(value)));
  }

  /** The arguments with a mark on each such value. */
  static String[] marked(String... args) {
    return Arrays.stream(args)
        .map(arg -> arg.replaceFirst("(?s)^(--[^=]+=)(--.*|-[A-Za-z])$", "$1" + MARK + "$2"))
        .toArray(String[]::new);
  }

  /** A value without its mark. */
  static String unmarked(String value) {
    return value.startsWith(MARK) ? value.substring(MARK.length()) : value;
  }
}
