package dev.lookback.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** One run of the program, as a user sees it. */
record Cli(int code, String out, String err) {

  static Cli run(String... args) {
    return reading("", args);
  }

  /** With a person who sees what is written. */
  static Cli onScreen(String... args) {
    return run(new byte[0], true, args);
  }

  /** With something on standard input. */
  static Cli reading(String input, String... args) {
    return reading(input.getBytes(StandardCharsets.UTF_8), args);
  }

  static Cli reading(byte[] input, String... args) {
    return run(input, false, args);
  }

  private static Cli run(byte[] input, boolean screen, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    int code = Main.run(terminal.showing(screen), args);
    return new Cli(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
