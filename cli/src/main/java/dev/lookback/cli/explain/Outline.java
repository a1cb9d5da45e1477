package dev.lookback.cli.explain;

import com.google.gson.JsonObject;
import dev.lookback.cli.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A lesson being written, part after part; numbers its equations. */
final class Outline {
  private final List<Section> finished = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private String key = "";
  private String title = "";
  private int equations;

  /** Begins a section. */
  void section(String newKey, String newTitle) {
    finish();
    key = newKey;
    title = newTitle;
  }

  void words(String text) {
    parts.add(new Part.Words(text));
  }

  void subheading(String text) {
    parts.add(new Part.Subheading(text));
  }

  void lines(List<String> lines) {
    parts.add(new Part.Lines(lines));
  }

  void equation(String formula, String meaning) {
    parts.add(new Part.Equation(++equations, formula, meaning));
  }

  /** Numbers that are not the same thing, such as x and y. */
  void values(String name, List<String> rows, Side... sides) {
    parts.add(new Part.Values(name, rows, List.of(sides), Optional.empty()));
  }

  /** The same quantity from several sources, measured against {@code reference}, one of them. */
  void agree(String name, List<String> rows, Side reference, Side... sides) {
    parts.add(new Part.Values(name, rows, List.of(sides), Optional.of(reference)));
  }

  void figures(String caption, Table table, JsonObject numbers) {
    parts.add(new Part.Figures(caption, table, numbers));
  }

  /** All sections. */
  List<Section> sections() {
    finish();
    return List.copyOf(finished);
  }

  /** 1 to T: the names of rows that are steps. */
  static List<String> steps(int steps) {
    return IntStream.rangeClosed(1, steps).mapToObj(Integer::toString).toList();
  }

  private void finish() {
    if (!parts.isEmpty()) {
      finished.add(new Section(key, title, parts));
      parts.clear();
    }
  }
}
