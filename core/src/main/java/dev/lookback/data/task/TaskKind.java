package dev.lookback.data.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * A task whose parameters are still to be chosen.
 *
 * @param name how it is written
 * @param summary what is to be done, in a sentence
 * @param parameters what can be said about it
 * @param maker makes it
 */
public record TaskKind(String name, String summary, List<Parameter> parameters, Maker maker) {

  /** Makes a task from the values of its parameters. */
  @FunctionalInterface
  public interface Maker {
    /** The task; values are asked for by name. */
    Task make(ToIntFunction<String> value);
  }

  /** Copies what it is given. */
  public TaskKind {
    parameters = List.copyOf(parameters);
  }

  /** The task with the values that are said, and the standard ones for the others. */
  public Task with(Map<String, Integer> said) {
    for (String key : said.keySet()) {
      if (find(key).isEmpty()) {
        throw new IllegalArgumentException(
            "the task "
                + name
                + " has no parameter \""
                + key
                + "\"; it has "
                + String.join(", ", parameters.stream().map(Parameter::name).toList()));
      }
    }
    return maker.make(key -> value(key, said));
  }

  /** The task as it is where nothing is said. */
  public Task standard() {
    return with(Map.of());
  }

  private Optional<Parameter> find(String key) {
    return parameters.stream().filter(parameter -> parameter.name().equals(key)).findFirst();
  }

  private int value(String key, Map<String, Integer> said) {
    Integer found = said.get(key);
    if (found != null) {
      return found;
    }
    String standard = find(key).orElseThrow().standard();
    boolean isNumber = standard.chars().allMatch(Character::isDigit);
    return isNumber ? Integer.parseInt(standard) : value(standard, said);
  }
}
