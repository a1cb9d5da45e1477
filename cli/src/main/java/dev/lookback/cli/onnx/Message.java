package dev.lookback.cli.onnx;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A protocol buffer message being put together, its fields in the order in which they are added.
 * Arrays are written from where they are, so that weights are in memory once.
 */
final class Message {
  private final List<Field> fields = new ArrayList<>();

  /** A field with its tag. */
  private interface Field {
    long size();

    void write(CodedOutputStream out) throws IOException;
  }

  /** A whole number, or an enum's. */
  Message whole(int field, long value) {
    fields.add(
        new Field() {
          @Override
          public long size() {
            return CodedOutputStream.computeInt64Size(field, value);
          }

          @Override
          public void write(CodedOutputStream out) throws IOException {
            out.writeInt64(field, value);
          }
        });
    return this;
  }

  /** A number with a point. */
  Message decimal(int field, float value) {
    fields.add(
        new Field() {
          @Override
          public long size() {
            return CodedOutputStream.computeFloatSize(field, value);
          }

          @Override
          public void write(CodedOutputStream out) throws IOException {
            out.writeFloat(field, value);
          }
        });
    return this;
  }

  /** A string. */
  Message text(int field, String value) {
    fields.add(
        new Field() {
          @Override
          public long size() {
            return CodedOutputStream.computeStringSize(field, value);
          }

          @Override
          public void write(CodedOutputStream out) throws IOException {
            out.writeString(field, value);
          }
        });
    return this;
  }

  /** A message in this one. */
  Message part(int field, Message part) {
    fields.add(
        new Field() {
          @Override
          public long size() {
            return enclosed(field, part.size());
          }

          @Override
          public void write(CodedOutputStream out) throws IOException {
            open(field, part.size(), out);
            part.write(out);
          }
        });
    return this;
  }

  /** The bytes of an array, little-endian. */
  Message bytes(int field, float[] values) {
    fields.add(
        new Field() {
          @Override
          public long size() {
            return enclosed(field, (long) Float.BYTES * values.length);
          }

          @Override
          public void write(CodedOutputStream out) throws IOException {
            open(field, (long) Float.BYTES * values.length, out);
            for (float value : values) {
              out.writeFixed32NoTag(Float.floatToRawIntBits(value));
            }
          }
        });
    return this;
  }

  /** The bytes of an array, little-endian. */
  Message bytes(int field, long[] values) {
    fields.add(
        new Field() {
          @Override
          public long size() {
            return enclosed(field, (long) Long.BYTES * values.length);
          }

          @Override
          public void write(CodedOutputStream out) throws IOException {
            open(field, (long) Long.BYTES * values.length, out);
            for (long value : values) {
              out.writeFixed64NoTag(value);
            }
          }
        });
    return this;
  }

  /** Bytes of all fields. */
  long size() {
    long size = 0;
    for (Field field : fields) {
      size += field.size();
    }
    return size;
  }

  /** Writes all fields; {@link #size} has to be below 2 GiB. */
  void write(CodedOutputStream out) throws IOException {
    for (Field field : fields) {
      field.write(out);
    }
  }

  // The length's own length grows by a byte for every seven bits.
  private static long enclosed(int field, long size) {
    int length = Math.max(1, (70 - Long.numberOfLeadingZeros(size)) / 7);
    return CodedOutputStream.computeTagSize(field) + length + size;
  }

  private static void open(int field, long size, CodedOutputStream out) throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(Math.toIntExact(size));
  }
}
