package dev.lookback.cli.config;

import com.google.gson.JsonObject;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What every option of a command came to, typed, from a file or by default: enough to replay it.
 */
public final class ResolvedOptions {
  /** Options that say how a command is run, not what it computes. */
  private static final Set<String> NOT_KEPT =
      Set.of("help", "version", "json", "config", "run", "report", "out");

  private ResolvedOptions() {}

  /** The command's options by name, sorted. */
  public static JsonObject of(CommandSpec spec) {
    TreeMap<String, Object> sorted = new TreeMap<>();
    for (OptionSpec option : spec.options()) {
      String name = name(option);
      Object value = option.getValue();
      if (!NOT_KEPT.contains(name) && value != null) {
        sorted.put(name, value);
      }
    }
    JsonObject object = new JsonObject();
    sorted.forEach(
        (name, value) -> {
          if (value instanceof Number number) {
            object.addProperty(name, number);
          } else if (value instanceof Boolean flag) {
            object.addProperty(name, flag);
          } else {
            object.addProperty(name, value.toString());
          }
        });
    return object;
  }

  /** An option's long name without the dashes. */
  public static String name(OptionSpec option) {
    return option.longestName().replaceFirst("^--?", "");
  }
}
