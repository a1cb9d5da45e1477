package dev.lookback.cli;

import dev.lookback.cli.words.Wrapped;
import java.lang.reflect.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Help that fits a screen: a short synopsis, and the options under headings, those of one class
 * together.
 */
final class HelpLayout {
  private static final int LABEL_WIDTH = 23;
  private static final int TEXT_WIDTH = 80 - LABEL_WIDTH;

  /** What stands over the options of a class; the command's own have its name. */
  private static final Map<Class<?>, String> HEADINGS =
      Map.of(
          TextOptions.class, "Text",
          EncodingOptions.class, "Text",
          NetworkOptions.class, "Network",
          LoopOptions.class, "Windows, and when training ends",
          LearningOptions.class, "Learning",
          CommonOptions.class, "Everywhere");

  private HelpLayout() {}

  /** For the list of commands, and every command of ours. */
  static void apply(CommandLine root) {
    root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpLayout::commands);
    for (CommandLine command : root.getSubcommands().values()) {
      if (isOurs(command)) {
        Map<String, IHelpSectionRenderer> sections = command.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, HelpLayout::synopsis);
        sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
      }
    }
  }

  private static boolean isOurs(CommandLine command) {
    return command.getCommandSpec().mixins().values().stream()
        .anyMatch(mixin -> mixin.userObject() instanceof CommonOptions);
  }

  private static String synopsis(Help help) {
    CommandSpec spec = help.commandSpec();
    StringBuilder line = new StringBuilder(spec.qualifiedName());
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      line.append(" [").append(parameter.paramLabel()).append(']');
    }
    for (OptionSpec option : spec.options()) {
      if (option.required()) {
        line.append(' ').append(label(option));
      }
    }
    return line.append(" [OPTIONS]").append(System.lineSeparator()).toString();
  }

  private static String options(Help help) {
    CommandSpec spec = help.commandSpec();
    Map<String, StringBuilder> groups = new LinkedHashMap<>();
    groups.put("Options of " + spec.name(), new StringBuilder());
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      group(groups, parameter, spec).append(entry(parameter.paramLabel(), parameter));
    }
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        group(groups, option, spec).append(entry(label(option), option));
      }
    }
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (heading, entries) -> {
          if (entries.length() > 0) {
            text.append(heading).append(":").append(System.lineSeparator()).append(entries);
          }
        });
    return text.toString();
  }

  private static StringBuilder group(
      Map<String, StringBuilder> groups, ArgSpec argument, CommandSpec spec) {
    String own = "Options of " + spec.name();
    String heading =
        argument.userObject() instanceof Member field
            ? HEADINGS.getOrDefault(field.getDeclaringClass(), own)
            : own;
    return groups.computeIfAbsent(heading, key -> new StringBuilder());
  }

  private static String label(OptionSpec option) {
    String names = String.join(", ", option.names());
    return option.arity().max() == 0 ? names : names + "=" + option.paramLabel();
  }

  private static String commands(Help help) {
    StringBuilder text = new StringBuilder();
    help.commandSpec()
        .subcommands()
        .forEach(
            (name, command) -> {
              UsageMessageSpec usage = command.getCommandSpec().usageMessage();
              String[] says = usage.header().length > 0 ? usage.header() : usage.description();
              // Those that are not ours go on about how to use them.
              String all = isOurs(command) ? String.join(" ", says) : says[0];
              text.append(entry(name, all.strip()));
            });
    return text.toString();
  }

  private static String entry(String label, ArgSpec argument) {
    String value = argument.defaultValue();
    String description = String.join(" ", argument.description());
    return entry(label, description.replace("${DEFAULT-VALUE}", value == null ? "" : value));
  }

  private static String entry(String label, String description) {
    List<String> lines = Wrapped.of(description, TEXT_WIDTH, "").lines().toList();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      String left = i == 0 ? "  " + label : "";
      text.append(String.format("%-" + LABEL_WIDTH + "s", left))
          .append(lines.get(i))
          .append(System.lineSeparator());
    }
    return text.toString();
  }
}
