package dev.lookback.cli;

import dev.lookback.cli.words.Brief;
import dev.lookback.cli.words.Closest;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command line that cannot be parsed, in our words. */
final class Misuse {
  // What other programs call ours.
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("--learning-rate", "--lr"),
          Map.entry("--step-size", "--lr"),
          Map.entry("--hidden-size", "--hidden"),
          Map.entry("--units", "--hidden"),
          Map.entry("--num-layers", "--layers"),
          Map.entry("--batch-size", "--batch"),
          Map.entry("--seq-len", "--steps"),
          Map.entry("--seq-length", "--steps"),
          Map.entry("--sequence-length", "--steps"),
          Map.entry("--bptt", "--coupling"),
          Map.entry("--tau", "--coupling"),
          Map.entry("--truncation", "--coupling"),
          Map.entry("--rnn-type", "--cell"),
          Map.entry("--num-epochs", "--epochs"),
          Map.entry("--max-steps", "--updates"),
          Map.entry("--clip-norm", "--clip"),
          Map.entry("--output", "--out"),
          Map.entry("--embedding-size", "--embedding"));
  private static final Pattern CHOICE = Pattern.compile("expected one of \\[(.*)] ");

  private static final Pattern NO_VALUE =
      Pattern.compile("(?s)^Expected parameter.* for option '(.+)' but found '(.+)'$");

  private Misuse() {}

  static String describe(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched);
    }
    Matcher next = NO_VALUE.matcher(String.valueOf(e.getMessage()));
    if (next.find()) {
      return String.format(
          Locale.ROOT,
          "%1$s has no value: %2$s, which follows, is an option itself. If it is meant as the value,"
              + " write %1$s=%2$s",
          next.group(1),
          Brief.of(next.group(2)));
    }
    ArgSpec argument = e.getArgSpec();
    if (argument instanceof OptionSpec option && e.getValue() != null) {
      return option.longestName()
          + " is \""
          + Brief.of(AttachedValues.unmarked(e.getValue()))
          + "\" but has to be "
          + needed(String.valueOf(e.getMessage()), e.getValue());
    }
    return String.valueOf(e.getMessage());
  }

  private static String unmatched(UnmatchedArgumentException e) {
    CommandLine command = e.getCommandLine();
    String first = e.getUnmatched().get(0);
    if (first.startsWith("-")) {
      String name = first.replaceFirst("=.*", "");
      List<String> options =
          command.getCommandSpec().options().stream()
              .flatMap(option -> Arrays.stream(option.names()))
              .toList();
      String known = ELSEWHERE.getOrDefault(name, "");
      String better =
          options.contains(known) ? ". Here it is called " + known : meant(name, options);
      return name + " is no option of " + command.getCommandSpec().name() + better;
    }
    Collection<String> commands = command.getSubcommands().keySet();
    if (!commands.isEmpty()) {
      return "\"" + first + "\" is no command" + meant(first, commands);
    }
    return "\""
        + first
        + "\" is one argument too many. Text with spaces needs quotes, and options begin with --";
  }

  private static String meant(String typed, Collection<String> names) {
    return Closest.to(typed, names).map(name -> ". Did you mean " + name + "?").orElse("");
  }

  private static String needed(String message, String found) {
    Matcher choice = CHOICE.matcher(message);
    if (choice.find()) {
      String names = choice.group(1).toLowerCase(Locale.ROOT);
      return "one of "
          + names
          + meant(found.toLowerCase(Locale.ROOT), Arrays.asList(names.split(", ", -1)));
    }
    if (message.contains("is not a boolean")) {
      return "true or false. Or type the option alone, without a value";
    }
    return message.endsWith("is not a double") ? "a number" : "a whole number";
  }
}
