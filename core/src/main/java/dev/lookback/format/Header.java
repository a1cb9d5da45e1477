package dev.lookback.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file.
 *
 * @param slots the tensors in the order of the header
 * @param metadata the strings
 */
record Header(List<Slot> slots, Map<String, String> metadata) {
  private static final int MOST_DIMENSIONS = 32;
  private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

  /** One tensor's place: bytes begin to end of the data, count numbers. */
  record Slot(String name, Dtype dtype, int[] shape, int count, long begin, long end) {}

  static Header parse(String text) {
    if (!(json(text) instanceof Json.Members header)) {
      throw new FormatException("the header is not a JSON object");
    }
    List<Slot> slots = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    header
        .values()
        .forEach(
            (name, value) -> {
              if (name.equals(TensorFile.METADATA)) {
                metadata(value, metadata);
              } else {
                slots.add(slot(name, value));
              }
            });
    return new Header(slots, metadata);
  }

  /**
   * The slots in the order of the data, checked to fill {@code size} bytes without gap or overlap.
   */
  List<Slot> tiling(long size) {
    List<Slot> sorted = new ArrayList<>(slots);
    sorted.sort(Comparator.comparingLong(Slot::begin).thenComparingLong(Slot::end));
    long end = 0;
    for (Slot slot : sorted) {
      if (slot.begin < end) {
        throw new FormatException(
            Names.brief(slot.name)
                + " starts at byte "
                + slot.begin
                + " of the data, where another tensor lies");
      }
      if (slot.begin > end) {
        throw new FormatException(
            "bytes " + end + " to " + slot.begin + " of the data belong to no tensor");
      }
      end = slot.end;
    }
    if (end > size) {
      throw new FormatException(
          "is cut off: its tensors need " + end + " bytes of data but only " + size + " are there");
    }
    if (end < size) {
      throw new FormatException((size - end) + " bytes follow the last tensor and belong to none");
    }
    return sorted;
  }

  private static Json json(String text) {
    try {
      return Json.parse(text);
    } catch (FormatException e) {
      throw new FormatException("in its header, " + e.getMessage());
    }
  }

  private static void metadata(Json value, Map<String, String> metadata) {
    if (!(value instanceof Json.Members members)) {
      throw new FormatException(
          TensorFile.METADATA + " is " + value.kind() + " but has to be an object of strings");
    }
    members
        .values()
        .forEach(
            (key, entry) -> {
              if (!(entry instanceof Json.Text string)) {
                throw new FormatException(
                    "the metadata \""
                        + Names.brief(key)
                        + "\" is "
                        + entry.kind()
                        + " but has to be a string");
              }
              metadata.put(key, string.value());
            });
  }

  private static Slot slot(String fullName, Json value) {
    String name = Names.brief(fullName);
    if (!(value instanceof Json.Members members)
        || members.values().size() != 3
        || !(members.values().get("dtype") instanceof Json.Text dtypeName)
        || !(members.values().get("shape") instanceof Json.Items shapeItems)
        || !(members.values().get("data_offsets") instanceof Json.Items offsets)
        || offsets.values().size() != 2) {
      throw new FormatException(
          name + " needs a dtype, a shape, two data_offsets in the header, and nothing else");
    }
    Dtype dtype =
        Dtype.find(dtypeName.value())
            .orElseThrow(
                () ->
                    new FormatException(
                        name
                            + " is "
                            + Names.brief(dtypeName.value())
                            + " but has to be F16, BF16, F32, F64, I32 or I64"));
    if (shapeItems.values().size() > MOST_DIMENSIONS) {
      throw new FormatException(
          name
              + " has "
              + shapeItems.values().size()
              + " dimensions but can have at most "
              + MOST_DIMENSIONS);
    }
    int[] shape = new int[shapeItems.values().size()];
    for (int i = 0; i < shape.length; i++) {
      long extent = whole(name, "shape", shapeItems.values().get(i));
      if (extent > MOST_NUMBERS) {
        throw tooLarge(name);
      }
      shape[i] = (int) extent;
    }
    int count = count(name, shape);
    long begin = whole(name, "data_offsets", offsets.values().get(0));
    long end = whole(name, "data_offsets", offsets.values().get(1));
    if (end - begin != (long) count * dtype.bytes) {
      throw new FormatException(
          name
              + " is "
              + dtype
              + " "
              + Arrays.toString(shape)
              + " and needs "
              + (long) count * dtype.bytes
              + " bytes but its data_offsets are ["
              + begin
              + ", "
              + end
              + "]");
    }
    return new Slot(fullName, dtype, shape, count, begin, end);
  }

  private static int count(String name, int[] shape) {
    long count = 1;
    for (int extent : shape) {
      count *= extent;
      if (count > MOST_NUMBERS) {
        throw tooLarge(name);
      }
    }
    return (int) count;
  }

  private static FormatException tooLarge(String name) {
    return new FormatException(
        name + " would hold 2^31 numbers or more, which is more than one array can");
  }

  private static long whole(String name, String what, Json value) {
    if (value instanceof Json.Whole number && number.value() >= 0) {
      return number.value();
    }
    throw new FormatException(
        name + " has " + value.kind() + " in its " + what + " but needs whole numbers from 0 on");
  }
}
