package dev.lookback.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Numbers of a training for TensorBoard: a file of events, one behind the other, that grows while
 * it is read.
 *
 * <pre>
 *   record = uint64 length, uint32 masked(crc32c(the length's bytes)),
 *            length bytes of data, uint32 masked(crc32c(data))      all little-endian
 *   masked(crc) = (crc rotated right by 15) + 0xa282ead8
 *   data = Event { wall_time = 1: double, step = 2: int64,
 *                  file_version = 3: string | summary = 5: Summary }
 *   Summary { value = 1: Value { tag = 1, simple_value = 2: float
 *                                | metadata = 9, tensor = 8 } ... }
 * </pre>
 *
 * <p>(TensorFlow's {@code event.proto}, {@code summary.proto} and {@code record_writer}, version
 * {@code brain.Event:2}.) Every event is written in one piece, so that of a process that was killed
 * at most the last one is cut off; readers stop there, and lose nothing before.
 */
public final class EventFile implements Closeable {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK = 0xa282ead8;
  private static final int DT_STRING = 7;
  private static final int DATA_CLASS_TENSOR = 2;

  private final Path path;
  private final OutputStream out;

  private EventFile(Path path, OutputStream out) {
    this.path = path;
    this.out = out;
  }

  /**
   * Begins a file in a folder, called as TensorBoard looks for it: {@code
   * events.out.tfevents.SECONDS.lookback}, or {@code lookback.1} and so on where there is one.
   *
   * @param seconds since 1970
   */
  public static EventFile create(Path folder, double seconds) throws IOException {
    Path path = free(folder, seconds);
    OutputStream out =
        Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return on(path, out, seconds);
  }

  /**
   * Begins a file whose bytes somebody else brings to its place: every event is written to the
   * stream at once.
   *
   * @param path where the bytes go, as {@link #free} names it
   * @param seconds since 1970
   */
  public static EventFile on(Path path, OutputStream out, double seconds) throws IOException {
    EventFile file = new EventFile(path, out);
    file.write(new Protobuf().number(1, seconds).text(3, VERSION));
    return file;
  }

  /**
   * The place that a file gets in a folder.
   *
   * @param seconds since 1970
   */
  public static Path free(Path folder, double seconds) {
    String name = String.format(Locale.ROOT, "events.out.tfevents.%010d.lookback", (long) seconds);
    Path path = folder.resolve(name);
    for (int i = 1; Files.exists(path); i++) {
      path = folder.resolve(name + "." + i);
    }
    return path;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /**
   * Adds numbers, which are kept as floats.
   *
   * @param seconds since 1970
   * @param values each by the name it is shown under
   */
  public void scalars(long step, double seconds, Map<String, Double> values) throws IOException {
    Protobuf summary = new Protobuf();
    values.forEach(
        (tag, value) ->
            summary.message(1, new Protobuf().text(1, tag).number(2, value.floatValue())));
    write(new Protobuf().number(1, seconds).varint(2, step).message(5, summary));
  }

  /**
   * Adds a text, which is shown as Markdown.
   *
   * @param seconds since 1970
   */
  public void text(long step, double seconds, String tag, String text) throws IOException {
    Protobuf plugin = new Protobuf().text(1, "text");
    Protobuf metadata = new Protobuf().message(1, plugin).varint(4, DATA_CLASS_TENSOR);
    Protobuf shape = new Protobuf().message(2, new Protobuf().varint(1, 1));
    Protobuf tensor = new Protobuf().varint(1, DT_STRING).message(2, shape).text(8, text);
    Protobuf value = new Protobuf().text(1, tag).message(8, tensor).message(9, metadata);
    Protobuf summary = new Protobuf().message(1, value);
    write(new Protobuf().number(1, seconds).varint(2, step).message(5, summary));
  }

  private void write(Protobuf event) throws IOException {
    byte[] data = event.toBytes();
    byte[] record = new byte[Long.BYTES + 2 * Integer.BYTES + data.length];
    ByteBuffer to = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    to.putLong(data.length).putInt(masked(record, Long.BYTES));
    to.put(data).putInt(masked(data, data.length));
    out.write(record);
    out.flush();
  }

  private static int masked(byte[] bytes, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, count);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
