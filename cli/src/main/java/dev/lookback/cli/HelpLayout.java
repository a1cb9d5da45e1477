package dev.lookback.cli;

import dev.lookback.cli.words.Wrapped;
import java.lang.reflect.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
  private static final int WIDTH = 80;

  /** What stands over the options of a class; the command's own have its name. */
  private static final Map<Class<?>, String> HEADINGS =
      Map.of(
          TextOptions.class, "Text",
          EncodingOptions.class, "Text",
          NetworkOptions.class, "Network",
          LoopOptions.class, "Windows, and when training ends",
          LearningOptions.class, "Learning",
          ForeignOptions.class, "A model of another program, whose file does not say",
          CommonOptions.class, "Everywhere");

  private HelpLayout() {}

  /** For the list of commands, and every command of ours. */
  static void apply(CommandLine root) {
    root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpLayout::commands);
    for (CommandLine command : root.getSubcommands().values()) {
      if (isOurs(command)) {
        apply(command);
        // What a user or a file says is no place for variables, and the layout fills in its own.
        command.getCommandSpec().interpolateVariables(false);
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
    Map<String, List<ArgSpec>> groups = new LinkedHashMap<>();
    groups.put("Options of " + spec.name(), new ArrayList<>());
    spec.positionalParameters().forEach(parameter -> group(groups, parameter, spec).add(parameter));
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        group(groups, option, spec).add(option);
      }
    }
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (heading, arguments) -> {
          if (!arguments.isEmpty()) {
            text.append(heading).append(":").append(System.lineSeparator());
            entries(arguments, text);
          }
        });
    return text.toString();
  }

  // Neighbours that are described in the same words share them.
  private static void entries(List<ArgSpec> arguments, StringBuilder text) {
    String label = "";
    for (int i = 0; i < arguments.size(); i++) {
      label += (label.isEmpty() ? "" : ", ") + label(arguments.get(i));
      String says = description(arguments.get(i));
      if (i + 1 == arguments.size() || !says.equals(description(arguments.get(i + 1)))) {
        text.append(entry(label, says));
        label = "";
      }
    }
  }

  private static List<ArgSpec> group(
      Map<String, List<ArgSpec>> groups, ArgSpec argument, CommandSpec spec) {
    String own = "Options of " + spec.name();
    String heading =
        argument.userObject() instanceof Member field
            ? HEADINGS.getOrDefault(field.getDeclaringClass(), own)
            : own;
    return groups.computeIfAbsent(heading, key -> new ArrayList<>());
  }

  private static String label(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return argument.paramLabel();
    }
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

  private static String description(ArgSpec argument) {
    String value = argument.defaultValue();
    String description = String.join(" ", argument.description());
    return description.replace("${DEFAULT-VALUE}", value == null ? "" : value);
  }

  private static String entry(String label, String description) {
    String left = String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s", "  " + label);
    if (!left.endsWith(" ")) {
      left += "  ";
    }
    List<String> lines = Wrapped.of(description, WIDTH - left.length(), "").lines().toList();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(i == 0 ? left : " ".repeat(left.length()))
          .append(lines.get(i))
          .append(System.lineSeparator());
    }
    return text.toString();
  }
}
