package dev.lookback.cli.onnx;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A protocol buffer message being put together, its fields in the order in which they are added.
 * Arrays are written from where they are, so that weights are in memory once.
 */
final class Message {
  private final List<Field> fields = new ArrayList<>();

  private interface Writer {
    void write(CodedOutputStream out) throws IOException;
  }

  /** A field with its tag. */
  private record Field(LongSupplier size, Writer writer) {}

  private Message add(LongSupplier size, Writer writer) {
    fields.add(new Field(size, writer));
    return this;
  }

  /** A whole number, or an enum's. */
  Message whole(int field, long value) {
    return add(
        () -> CodedOutputStream.computeInt64Size(field, value),
        out -> out.writeInt64(field, value));
  }

  /** A number with a point. */
  Message decimal(int field, float value) {
    return add(
        () -> CodedOutputStream.computeFloatSize(field, value),
        out -> out.writeFloat(field, value));
  }

  /** A string. */
  Message text(int field, String value) {
    return add(
        () -> CodedOutputStream.computeStringSize(field, value),
        out -> out.writeString(field, value));
  }

  /** A message in this one. */
  Message part(int field, Message part) {
    return enclosed(field, part::size, part::write);
  }

  /** The bytes of an array, little-endian. */
  Message bytes(int field, float[] values) {
    return enclosed(
        field,
        () -> (long) Float.BYTES * values.length,
        out -> {
          for (float value : values) {
            out.writeFixed32NoTag(Float.floatToRawIntBits(value));
          }
        });
  }

  /** The bytes of an array, little-endian. */
  Message bytes(int field, long[] values) {
    return enclosed(
        field,
        () -> (long) Long.BYTES * values.length,
        out -> {
          for (long value : values) {
            out.writeFixed64NoTag(value);
          }
        });
  }

  // What stands behind its own length.
  private Message enclosed(int field, LongSupplier size, Writer content) {
    return add(
        () -> enclosed(field, size.getAsLong()),
        out -> {
          out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
          out.writeUInt32NoTag(Math.toIntExact(size.getAsLong()));
          content.write(out);
        });
  }

  /** Bytes of all fields. */
  long size() {
    long size = 0;
    for (Field field : fields) {
      size += field.size().getAsLong();
    }
    return size;
  }

  /** Writes all fields; {@link #size} has to be below 2 GiB. */
  void write(CodedOutputStream out) throws IOException {
    for (Field field : fields) {
      field.writer().write(out);
    }
  }

  // The length's own length grows by a byte for every seven bits.
  private static long enclosed(int field, long size) {
    int length = Math.max(1, (70 - Long.numberOfLeadingZeros(size)) / 7);
    return CodedOutputStream.computeTagSize(field) + length + size;
  }
}
