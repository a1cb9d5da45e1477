package dev.lookback.data.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tasks there are, and their labels: {@code NAME?key=number,key=number}. */
public final class Tasks {
  private static final List<TaskKind> KINDS =
      List.of(
          new TaskKind(
              "adding",
              "Adds two marked numbers of a row",
              List.of(new Parameter("T", "200", "steps")),
              value -> new Adding(value.applyAsInt("T"))),
          new TaskKind(
              "copy",
              "Repeats tokens after a long wait",
              List.of(
                  new Parameter("T", "50", "steps to wait"), new Parameter("m", "10", "tokens")),
              value -> new CopyMemory(value.applyAsInt("T"), value.applyAsInt("m"))),
          new TaskKind(
              "copy-stream",
              "Repeats tokens again and again",
              List.of(
                  new Parameter("m", "10", "lag and tokens"),
                  new Parameter("min", "m", "shortest lag"),
                  new Parameter("max", "m", "longest lag")),
              value -> new CopyStream(value.applyAsInt("min"), value.applyAsInt("max"))),
          new TaskKind(
              "add-stream",
              "Tells a chance from two earlier coins",
              List.of(
                  new Parameter("t1", "5", "lag of the coin that raises it"),
                  new Parameter("t2", "9", "lag of the coin that lowers it")),
              value -> new AddStream(value.applyAsInt("t1"), value.applyAsInt("t2"))),
          new TaskKind(
              "anbn",
              "Counts: as many b as there were a",
              List.of(new Parameter("max", "32", "most letters in a line")),
              value -> new Anbn(value.applyAsInt("max"))),
          new TaskKind(
              "brackets",
              "Repeats what an earlier bracket held",
              List.of(
                  new Parameter("s", "1", "letters in brackets"),
                  new Parameter("k", "5", "letters between"),
                  new Parameter("a", "10", "letters to draw from")),
              value ->
                  new Brackets(
                      value.applyAsInt("s"), value.applyAsInt("k"), value.applyAsInt("a"))),
          new TaskKind(
              "temporal-order",
              "Tells the order of two signs at the end",
              List.of(new Parameter("L", "50", "steps")),
              value -> new TemporalOrder(value.applyAsInt("L"))));

  private Tasks() {}

  /** Every kind of task. */
  public static List<TaskKind> kinds() {
    return KINDS;
  }

  /** The names of the kinds. */
  public static List<String> names() {
    return KINDS.stream().map(TaskKind::name).toList();
  }

  /** Reads a label such as {@code adding} or {@code add-stream?t1=3,t2=8}. */
  public static Task parse(String label) {
    String[] halves = label.strip().split("\\?", 2);
    TaskKind kind =
        KINDS.stream()
            .filter(k -> k.name().equals(halves[0]))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no task \""
                            + halves[0]
                            + "\"; there are "
                            + String.join(", ", names())));
    Map<String, Integer> said = halves.length == 1 ? Map.of() : values(halves[1], label);
    try {
      return kind.with(said);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + label + "\": " + e.getMessage(), e);
    }
  }

  private static Map<String, Integer> values(String text, String label) {
    Map<String, Integer> values = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      String[] sides = pair.split("=", -1);
      if (sides.length != 2) {
        throw new IllegalArgumentException(
            "\"" + label + "\": \"" + pair + "\" has to read parameter=number, such as T=100");
      }
      String key = sides[0].strip();
      if (values.put(key, whole(sides[1].strip(), key, label)) != null) {
        throw new IllegalArgumentException("\"" + label + "\" says " + key + " twice");
      }
    }
    return values;
  }

  private static int whole(String text, String key, String label) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + label + "\": " + key + " is \"" + text + "\" but has to be a whole number", e);
    }
  }
}
