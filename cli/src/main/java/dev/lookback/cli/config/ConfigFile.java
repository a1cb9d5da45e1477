package dev.lookback.cli.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lookback.cli.Failure;
import dev.lookback.cli.SmallFile;
import dev.lookback.cli.words.Brief;
import dev.lookback.cli.words.Closest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/**
 * Option values from a JSON file: an object whose keys are option names without the dashes, or a
 * run's {@code run.json}, which has such an object under {@code options}.
 *
 * @param path where it was read
 * @param values each option's value, as one would type it
 */
public record ConfigFile(Path path, Map<String, String> values) {
  private static final int MOST_CHARACTERS = 4096;
  // The parser of the command line takes these for the absence of a value.
  private static final Set<String> NOT_VALUES = Set.of(Option.NULL_VALUE, "__unspecified__");

  /** Reads a file. */
  public static ConfigFile read(Path path) {
    StrictJson.Document document = document(path);
    if (!document.value().isJsonObject()) {
      throw Failure.input(
          "the config file "
              + path
              + " has to hold a JSON object such as {\"hidden\": 64, \"steps\": 35}");
    }
    JsonObject object = document.value().getAsJsonObject();
    String prefix = "$.";
    if (object.has("options") && object.get("options").isJsonObject()) {
      object = object.getAsJsonObject("options");
      prefix = "$.options.";
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
      String key = entry.getKey();
      String place = document.places().getOrDefault(prefix + key, "its lines");
      values.put(key, text(path + ", " + place + ",", key, entry.getValue()));
    }
    return new ConfigFile(path, values);
  }

  private static StrictJson.Document document(Path path) {
    try {
      String text = SmallFile.text(path);
      return StrictJson.read(text.isBlank() ? "null" : text);
    } catch (NoSuchFileException e) {
      throw Failure.input("the config file " + path + " does not exist. Check --config");
    } catch (IOException e) {
      throw Failure.input(
          "the config file " + path + " cannot be read: " + reason(e) + ". Check --config");
    } catch (StrictJson.Malformed e) {
      throw Failure.input(
          "the config file " + path + " is not JSON: " + e.getMessage() + ". Check it", e);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static String text(String where, String key, JsonElement value) {
    if (value.isJsonPrimitive()) {
      return fitting(where, key, value.getAsString());
    } else if (value.isJsonArray()) {
      JsonArray array = value.getAsJsonArray();
      List<String> parts = new ArrayList<>();
      if (array.asList().stream().allMatch(JsonElement::isJsonPrimitive)) {
        array.forEach(part -> parts.add(part.getAsString()));
        return fitting(where, key, String.join(",", parts));
      }
    }
    throw Failure.input(
        "the config file "
            + where
            + " has "
            + Brief.of(value.toString())
            + " under \""
            + Brief.of(key)
            + "\" but needs a number, a string, true, false, or a list of them. Leave the name out to"
            + " have the default");
  }

  private static String fitting(String where, String key, String value) {
    if (value.length() > MOST_CHARACTERS) {
      throw Failure.input(
          String.format(
              Locale.ROOT,
              "the config file %s has %d characters under \"%s\" but a value can have at most %d."
                  + " Shorten it",
              where,
              value.length(),
              Brief.of(key),
              MOST_CHARACTERS));
    } else if (NOT_VALUES.contains(value)) {
      throw Failure.input(
          String.format(
              Locale.ROOT,
              "the config file %s has %s under \"%s\", which stands for no value. Leave the name out",
              where,
              value,
              Brief.of(key)));
    }
    return value;
  }

  /**
   * A complaint about options, and what this file has to do with it.
   *
   * @param usage whether it is about options and nothing else
   * @param typed the arguments that go before its values
   */
  public String blame(String complaint, boolean usage, String... typed) {
    if (complaint.contains(path.toString())) {
      return complaint;
    }
    List<String> named =
        values.keySet().stream()
            .filter(key -> isIn(complaint, key))
            .filter(key -> Arrays.stream(typed).noneMatch(arg -> isIn(arg, key)))
            .map(key -> Brief.of(key + " = " + values.get(key)))
            .toList();
    if (named.isEmpty()) {
      boolean ofTyped = Arrays.stream(typed).anyMatch(arg -> isTyped(complaint, arg));
      return ofTyped || !usage ? complaint : complaint + ". What was not typed is from " + path;
    }
    return complaint + ". " + path + " says " + String.join(", ", named);
  }

  private static boolean isTyped(String complaint, String arg) {
    return arg.startsWith("--") && isIn(complaint, arg.substring(2).replaceFirst("=.*", ""));
  }

  private static boolean isIn(String text, String key) {
    return Pattern.compile("--" + Pattern.quote(key) + "(?![\\w-])").matcher(text).find();
  }

  /** Refuses keys that are no option of the command. */
  public void requireKnown(Set<String> known, String command) {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw Failure.usage(
            "the config file "
                + path
                + " sets \""
                + Brief.of(key)
                + "\", which is no option of "
                + command
                + Closest.to(key, known)
                    .map(name -> ". Did you mean \"" + name + "\"?")
                    .orElse(""));
      }
    }
  }
}
