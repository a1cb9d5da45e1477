package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.cli.words.Brief;
import dev.lookback.weights.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The audits beside a training, of which {@code audits.csv} has every one: here are their number,
 * the last few, and for pictures no more than {@value #MOST} that lie evenly among all.
 */
final class AuditSeries {
  /** What audits.csv and the record call their numbers. */
  static final String BIAS = "relative_bias";

  /** The numbers of an audit, in their order. */
  private static final List<String> NAMES =
      List.of(
          "update",
          "tokens",
          BIAS,
          BIAS + "_low",
          BIAS + "_high",
          BIAS + "_error",
          "cosine",
          "descends",
          "decay",
          "decay_low",
          "decay_high",
          "half_life",
          "half_life_low",
          "half_life_high");

  private static final String NUMBER =
      "NaN|-?Infinity|-?[0-9]{1,18}(?:\\.[0-9]{1,20})?(?:E-?[0-9]{1,3})?";
  private static final int MOST = 200;
  private static final int TAIL = 8;

  private final List<Map<String, Number>> even = new ArrayList<>();
  private final Deque<Map<String, Number>> tail = new ArrayDeque<>();
  private long stride = 1;
  private long count;

  /** The first line of audits.csv. */
  static String header() {
    return String.join(",", NAMES) + "\n";
  }

  /** An audit's line of audits.csv. */
  static String line(Map<String, Number> point) {
    List<String> cells = new ArrayList<>();
    for (Number value : point.values()) {
      cells.add(Double.isFinite(value.doubleValue()) ? value.toString() : "");
    }
    return String.join(",", cells) + "\n";
  }

  /** The audit of a line that is {@link #line}'s. */
  static Map<String, Number> parse(String line) {
    String[] cells = line.strip().split(",", -1);
    if (cells.length != NAMES.size()) {
      throw new IllegalArgumentException("a line has " + cells.length + " numbers");
    }
    Map<String, Number> point = new LinkedHashMap<>();
    for (int i = 0; i < cells.length; i++) {
      point.put(NAMES.get(i), cells[i].isEmpty() ? (Number) Double.NaN : number(cells[i]));
    }
    return point;
  }

  // As it was: whole numbers have no point.
  private static Number number(String text) {
    if (text.matches("-?[0-9]+")) {
      return Long.valueOf(text);
    }
    return Double.valueOf(text);
  }

  /** Adds one. */
  void add(Map<String, Number> point) {
    if (count % stride == 0) {
      even.add(point);
    }
    if (even.size() > MOST) {
      List<Map<String, Number>> half = new ArrayList<>();
      for (int i = 0; i < even.size(); i += 2) {
        half.add(even.get(i));
      }
      even.clear();
      even.addAll(half);
      stride *= 2;
    }
    count++;
    tail.addLast(point);
    if (tail.size() > TAIL) {
      tail.removeFirst();
    }
  }

  /** Forgets all. */
  void clear() {
    even.clear();
    tail.clear();
    stride = 1;
    count = 0;
  }

  long count() {
    return count;
  }

  /** The last ones, oldest first. */
  List<Map<String, Number>> tail() {
    return List.copyOf(tail);
  }

  Map<String, Number> last() {
    return tail.getLast();
  }

  /** Those for pictures: evenly among all, and the last. */
  JsonArray points() {
    List<Map<String, Number>> shown = new ArrayList<>(even);
    if (shown.isEmpty() || shown.get(shown.size() - 1) != last()) {
      shown.add(last());
    }
    JsonArray array = new JsonArray();
    for (Map<String, Number> point : shown) {
      JsonObject object = new JsonObject();
      point.forEach(object::addProperty);
      array.add(object);
    }
    return array;
  }

  /** Puts how many there are, and the last ones. */
  void save(Snapshot.Writer to) {
    to.put("count", count).put("points", tail.size());
    int i = 0;
    for (Map<String, Number> point : tail) {
      List<String> cells = new ArrayList<>();
      point.forEach((name, value) -> cells.add(name + "=" + value));
      to.put("point." + i++, String.join(" ", cells));
    }
  }

  /** The last ones, as they were put. */
  static List<Map<String, Number>> savedTail(Snapshot from) {
    List<Map<String, Number>> points = new ArrayList<>();
    for (int i = 0; i < from.whole("points", 1, TAIL); i++) {
      points.add(point(i, from.word("point." + i)));
    }
    return points;
  }

  private static Map<String, Number> point(int number, String word) {
    Map<String, Number> point = new LinkedHashMap<>();
    for (String cell : word.split(" ", -1)) {
      String[] halves = cell.split("=", 2);
      if (halves.length == 2 && halves[1].matches(NUMBER)) {
        point.put(halves[0], number(halves[1]));
      }
    }
    if (!List.copyOf(point.keySet()).equals(NAMES)) {
      throw new IllegalArgumentException(
          "audit "
              + number
              + " has \""
              + Brief.of(word)
              + "\" but needs the numbers "
              + String.join(", ", NAMES));
    }
    return point;
  }
}
