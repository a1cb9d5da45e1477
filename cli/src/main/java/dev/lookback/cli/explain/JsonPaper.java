package dev.lookback.cli.explain;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** The lesson's numbers as one object. */
public final class JsonPaper {
  private JsonPaper() {}

  /** The object. */
  public static JsonObject of(Lesson lesson) {
    JsonObject object = new JsonObject();
    Setup setup = lesson.subject().setup();
    lesson.subject().text().ifPresent(text -> object.addProperty("text", text));
    object.addProperty("inputs", setup.network().inputs());
    object.addProperty("hidden", setup.hidden());
    object.addProperty("outputs", setup.network().readout().outputs());
    object.addProperty("steps", setup.steps());
    object.addProperty("activation", setup.activation().label());
    object.addProperty("seed", lesson.subject().seed());
    JsonObject agreement = new JsonObject();
    agreement.addProperty("engine_book", lesson.engine());
    agreement.addProperty("book_differences", lesson.differences());
    object.add("largest_disagreement", agreement);
    JsonObject sections = new JsonObject();
    lesson.sections().forEach(section -> sections.add(section.key(), section(section)));
    object.add("sections", sections);
    return object;
  }

  private static JsonArray section(Section section) {
    JsonArray parts = new JsonArray();
    String equation = "";
    String under = "";
    for (Part part : section.parts()) {
      if (part instanceof Part.Equation said) {
        equation = said.formula();
      } else if (part instanceof Part.Values values) {
        JsonObject one = values(values, equation);
        if (!under.isEmpty()) {
          one.addProperty("coupling", under);
        }
        parts.add(one);
      } else if (part instanceof Part.Subheading heading) {
        under = heading.text();
        equation = "";
      } else if (part instanceof Part.Figures figures) {
        JsonObject one = new JsonObject();
        one.addProperty("quantity", "table");
        one.add("values", figures.numbers());
        parts.add(one);
      }
    }
    return parts;
  }

  private static JsonObject values(Part.Values values, String equation) {
    JsonObject one = new JsonObject();
    one.addProperty("quantity", values.name());
    if (!equation.isEmpty()) {
      one.addProperty("equation", equation);
    }
    JsonObject sides = new JsonObject();
    JsonObject distances = new JsonObject();
    for (Side side : values.sides()) {
      sides.add(side.source().isEmpty() ? "values" : side.source(), rows(side.values()));
      values
          .reference()
          .filter(reference -> !reference.equals(side))
          .ifPresent(reference -> distances.addProperty(side.source(), values.distance(side)));
    }
    one.add("values", sides);
    if (distances.size() > 0) {
      one.add("disagreement", distances);
    }
    return one;
  }

  private static JsonArray rows(double[][] values) {
    JsonArray rows = new JsonArray();
    for (double[] row : values) {
      JsonArray cells = new JsonArray();
      for (double value : row) {
        cells.add(value);
      }
      rows.add(cells);
    }
    return rows;
  }
}
