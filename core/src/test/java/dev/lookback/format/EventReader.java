package dev.lookback.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads event files by their specification alone: records with masked CRC-32C (Castagnoli, bit by
 * bit), and protobuf's wire types. Stops where a record is cut off, as TensorBoard does.
 */
final class EventReader {

  /** An event: when, at which step, and what. */
  record Event(
      double seconds,
      long step,
      String version,
      Map<String, Float> scalars,
      Map<String, String> texts) {}

  /** A field of a message: its wire type, and its value as a number or as bytes. */
  private record Field(int type, long number, byte[] bytes) {}

  private EventReader() {}

  static List<Event> read(byte[] file) {
    List<Event> events = new ArrayList<>();
    int at = 0;
    while (at + 12 <= file.length) {
      long length = little(file, at, 8);
      require(little(file, at + 8, 4) == masked(file, at, 8), "the length's checksum");
      if (at + 16 + length > file.length) {
        break;
      }
      int size = (int) length;
      require(little(file, at + 12 + size, 4) == masked(file, at + 12, size), "the checksum");
      events.add(event(part(file, at + 12, size)));
      at += 16 + size;
    }
    return events;
  }

  static long crc(byte[] bytes, int from, int count) {
    int crc = 0xffffffff;
    for (int i = from; i < from + count; i++) {
      crc ^= bytes[i] & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        boolean odd = (crc & 1) == 1;
        crc >>>= 1;
        if (odd) {
          crc ^= 0x82f63b78;
        }
      }
    }
    return ~crc & 0xffffffffL;
  }

  private static long masked(byte[] bytes, int from, int count) {
    long crc = crc(bytes, from, count);
    return ((crc >> 15 | crc << 17) + 0xa282ead8L) & 0xffffffffL;
  }

  private static void require(boolean fine, String what) {
    if (!fine) {
      throw new IllegalStateException(what + " is wrong");
    }
  }

  private static long little(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = (value << 8) | (bytes[from + i] & 0xff);
    }
    return value;
  }

  private static byte[] part(byte[] bytes, int from, int count) {
    byte[] part = new byte[count];
    System.arraycopy(bytes, from, part, 0, count);
    return part;
  }

  private static Event event(byte[] data) {
    Map<Integer, List<Field>> fields = fields(data);
    Map<String, Float> scalars = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    for (Field summary : fields.getOrDefault(5, List.of())) {
      for (Field value : fields(summary.bytes()).getOrDefault(1, List.of())) {
        Map<Integer, List<Field>> parts = fields(value.bytes());
        String tag = text(one(parts, 1, 2));
        if (parts.containsKey(2)) {
          scalars.put(tag, Float.intBitsToFloat((int) one(parts, 2, 5).number()));
        } else {
          texts.put(tag, tensorText(parts));
        }
      }
    }
    double seconds = Double.longBitsToDouble(one(fields, 1, 1).number());
    long step = fields.containsKey(2) ? one(fields, 2, 0).number() : 0;
    String version = fields.containsKey(3) ? text(one(fields, 3, 2)) : "";
    return new Event(seconds, step, version, scalars, texts);
  }

  // A tensor of one string, for the plug-in that shows texts.
  private static String tensorText(Map<Integer, List<Field>> value) {
    Map<Integer, List<Field>> metadata = fields(one(value, 9, 2).bytes());
    Map<Integer, List<Field>> plugin = fields(one(metadata, 1, 2).bytes());
    require(text(one(plugin, 1, 2)).equals("text"), "the plug-in's name");
    require(one(metadata, 4, 0).number() == 2, "the data's class");
    Map<Integer, List<Field>> tensor = fields(one(value, 8, 2).bytes());
    require(one(tensor, 1, 0).number() == 7, "the tensor's type");
    Map<Integer, List<Field>> shape = fields(one(tensor, 2, 2).bytes());
    require(one(fields(one(shape, 2, 2).bytes()), 1, 0).number() == 1, "the tensor's shape");
    return text(one(tensor, 8, 2));
  }

  private static Field one(Map<Integer, List<Field>> fields, int number, int type) {
    List<Field> found = fields.getOrDefault(number, List.of());
    require(found.size() == 1 && found.get(0).type() == type, "field " + number);
    return found.get(0);
  }

  private static String text(Field field) {
    return new String(field.bytes(), StandardCharsets.UTF_8);
  }

  private static Map<Integer, List<Field>> fields(byte[] message) {
    Map<Integer, List<Field>> fields = new LinkedHashMap<>();
    int[] at = {0};
    while (at[0] < message.length) {
      long key = varint(message, at);
      int type = (int) (key & 7);
      Field field =
          switch (type) {
            case 0 -> new Field(type, varint(message, at), new byte[0]);
            case 1 -> new Field(type, little(message, advance(at, 8), 8), new byte[0]);
            case 2 -> {
              int length = (int) varint(message, at);
              yield new Field(type, 0, part(message, advance(at, length), length));
            }
            case 5 -> new Field(type, little(message, advance(at, 4), 4), new byte[0]);
            default -> throw new IllegalStateException("wire type " + type);
          };
      fields.computeIfAbsent((int) (key >>> 3), n -> new ArrayList<>()).add(field);
    }
    return fields;
  }

  private static int advance(int[] at, int count) {
    int from = at[0];
    at[0] += count;
    return from;
  }

  private static long varint(byte[] message, int[] at) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int next = message[at[0]++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
