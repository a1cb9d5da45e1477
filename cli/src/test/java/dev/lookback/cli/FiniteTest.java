package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;

class FiniteTest {
  @Test
  void onlyNumbersThatJsonLacksAreReplacedAtAnyDepth() {
    JsonArray array = new JsonArray();
    array.add(Double.NEGATIVE_INFINITY);
    array.add(1.5);
    JsonObject inner = new JsonObject();
    inner.addProperty("nan", Double.NaN);
    inner.addProperty("text", "NaN");
    JsonObject object = new JsonObject();
    object.add("array", array);
    object.add("inner", inner);
    object.addProperty("flag", true);
    object.addProperty("float", Float.POSITIVE_INFINITY);
    object.addProperty("long", Long.MAX_VALUE);
    assertThat(Finite.of(object))
        .hasToString(
            "{\"array\":[null,1.5],\"inner\":{\"nan\":null,\"text\":\"NaN\"},\"flag\":true,"
                + "\"float\":null,\"long\":9223372036854775807}");
    assertThat(inner.get("nan").getAsDouble()).isNaN();
  }
}
