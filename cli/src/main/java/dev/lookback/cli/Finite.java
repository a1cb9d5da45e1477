package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/** JSON has no NaN and no infinity: they are written as null. */
final class Finite {
  private Finite() {}

  /** A copy that every JSON reader takes. */
  static JsonElement of(JsonElement element) {
    if (element instanceof JsonObject object) {
      JsonObject copy = new JsonObject();
      object.entrySet().forEach(entry -> copy.add(entry.getKey(), of(entry.getValue())));
      return copy;
    } else if (element instanceof JsonArray array) {
      JsonArray copy = new JsonArray();
      array.forEach(item -> copy.add(of(item)));
      return copy;
    }
    boolean odd =
        element instanceof JsonPrimitive value
            && value.isNumber()
            && !Double.isFinite(value.getAsDouble());
    return odd ? JsonNull.INSTANCE : element;
  }
}
