package dev.lookback.cli.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.lookback.cli.words.Brief;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON by the letter (RFC 8259): a name stands once in an object, and nothing follows the value.
 * Knows where each value of the outer two objects stands.
 */
final class StrictJson {
  private static final Pattern PLACE = Pattern.compile("line (\\d+) column (\\d+)");
  // Enough for every whole number that an option takes.
  private static final int MOST_DIGITS = 30;

  private final JsonReader reader;
  private final Map<String, String> places = new HashMap<>();

  /** What is wrong, and where. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message);
    }
  }

  /**
   * A value that was read.
   *
   * @param value the value
   * @param places where the members stand, by their path such as {@code $.options.hidden}
   */
  record Document(JsonElement value, Map<String, String> places) {}

  private StrictJson(String text) {
    reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
  }

  /** Reads a text that holds one value. */
  static Document read(String text) throws Malformed {
    StrictJson json = new StrictJson(text);
    try {
      JsonElement value = json.value(0);
      if (json.reader.peek() != JsonToken.END_DOCUMENT) {
        throw json.wrong("something follows the end");
      }
      return new Document(value, json.places);
    } catch (MalformedJsonException | EOFException e) {
      throw new Malformed("see " + place(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new IllegalStateException("a string can always be read", e);
    }
  }

  private JsonElement value(int depth) throws IOException, Malformed {
    JsonToken token = reader.peek();
    return switch (token) {
      case BEGIN_OBJECT -> members(depth);
      case BEGIN_ARRAY -> items(depth);
      case STRING -> new JsonPrimitive(reader.nextString());
      case NUMBER -> number(reader.nextString());
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      case NULL -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
      default -> throw wrong("a value should stand here");
    };
  }

  private JsonObject members(int depth) throws IOException, Malformed {
    JsonObject object = new JsonObject();
    reader.beginObject();
    while (reader.peek() != JsonToken.END_OBJECT) {
      String name = reader.nextName();
      if (object.has(name)) {
        throw wrong("\"" + Brief.of(name) + "\" stands there a second time");
      }
      if (depth < 2) {
        places.put(reader.getPath(), place(reader.toString()));
      }
      object.add(name, value(depth + 1));
    }
    reader.endObject();
    return object;
  }

  private JsonArray items(int depth) throws IOException, Malformed {
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.peek() != JsonToken.END_ARRAY) {
      array.add(value(depth + 1));
    }
    reader.endArray();
    return array;
  }

  // 8.0 and 1e1 are whole numbers to JSON, whose numbers are of one kind only.
  private static JsonPrimitive number(String text) {
    try {
      BigDecimal number = new BigDecimal(text).stripTrailingZeros();
      boolean whole = number.scale() <= 0 && number.scale() >= -MOST_DIGITS;
      return whole ? new JsonPrimitive(number.toBigInteger()) : new JsonPrimitive(text);
    } catch (NumberFormatException e) {
      // Its exponent is beyond all numbers. Whoever takes the option refuses it.
      return new JsonPrimitive(text);
    }
  }

  private Malformed wrong(String what) {
    return new Malformed(what + ": see " + place(reader.toString()));
  }

  // The reader tells its place in messages only.
  private static String place(String message) {
    Matcher matcher = PLACE.matcher(message);
    return matcher.find() ? "line " + matcher.group(1) + ", column " + matcher.group(2) : "its end";
  }
}
