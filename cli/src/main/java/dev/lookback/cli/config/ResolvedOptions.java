package dev.lookback.cli.config;

import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What every option of a command came to, typed, from a file or by default: enough to replay it.
 */
public final class ResolvedOptions {
  /** Options that say how a command is run, not what it computes. */
  private static final Set<String> NOT_KEPT =
      Set.of(
          "help",
          "version",
          "json",
          "config",
          "run",
          "report",
          "out",
          "resume",
          "force",
          "log-format");

  private ResolvedOptions() {}

  /** The command's options by name, sorted. */
  public static JsonObject of(CommandSpec spec) {
    TreeMap<String, Object> sorted = new TreeMap<>();
    for (OptionSpec option : spec.options()) {
      String name = name(option);
      if (!NOT_KEPT.contains(name)) {
        said(option.getValue()).ifPresent(value -> sorted.put(name, value));
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

  // Options that have no value are left out: a replay finds the same default.
  private static Optional<Object> said(@Nullable Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.flatMap(ResolvedOptions::said);
    } else if (value instanceof Enum<?> constant) {
      return Optional.of(constant.name().toLowerCase(Locale.ROOT));
    }
    return Optional.ofNullable(value);
  }

  /** An option's long name without the dashes. */
  public static String name(OptionSpec option) {
    return option.longestName().replaceFirst("^--?", "");
  }
}
