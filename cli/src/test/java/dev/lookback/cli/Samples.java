package dev.lookback.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Small texts and small trainings. */
final class Samples {
  private static final String[] WORDS = {"the", "cat", "sat", "on", "a", "mat", "and", "dog"};

  private Samples() {}

  /** Words in an order that goes on without repeating itself soon. */
  static String words(int count) {
    StringBuilder text = new StringBuilder();
    long state = 7;
    for (int i = 0; i < count; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      text.append(WORDS[(int) (state >>> 61)]).append(' ');
    }
    return text.append('\n').toString();
  }

  static Path text(Path folder) {
    return write(folder.resolve("text.txt"), words(400));
  }

  static Path write(Path file, String content) {
    try {
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The smallest training, with more options. */
  static String[] tiny(String command, Path text, String... more) {
    List<String> args = new ArrayList<>(List.of(command, text.toString()));
    List<String> given = List.of(more);
    add(args, given, "--hidden", "8");
    add(args, given, "--updates", "4");
    add(args, given, "--steps", "10");
    add(args, given, "--batch", "2");
    args.addAll(given);
    return args.toArray(String[]::new);
  }

  static String[] and(String[] args, String... more) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  private static void add(List<String> args, List<String> given, String option, String value) {
    if (!given.contains(option)) {
      Collections.addAll(args, option, value);
    }
  }
}
