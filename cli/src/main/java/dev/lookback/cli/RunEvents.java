package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.format.EventFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The metrics of a run as TensorBoard's events. */
final class RunEvents {
  private static final Pattern NUMBER =
      Pattern.compile("NaN|-?Infinity|-?[0-9.]+(?:[eE][-+]?[0-9]+)?");

  private final AppendedFile file;
  private final EventFile events;

  private RunEvents(AppendedFile file, EventFile events) {
    this.file = file;
    this.events = events;
  }

  /** Begins a file in the folder of a run. */
  static RunEvents begin(Path folder) {
    Path path = EventFile.free(folder, seconds());
    AppendedFile file = new AppendedFile(path, waiting -> waiting);
    try {
      return new RunEvents(file, EventFile.on(path, appending(file), seconds()));
    } catch (IOException e) {
      throw impossible(e);
    }
  }

  private static OutputStream appending(AppendedFile file) {
    return new OutputStream() {
      @Override
      public void write(int b) {
        file.append(new byte[] {(byte) b});
      }

      @Override
      public void write(byte[] bytes, int from, int count) {
        file.append(Arrays.copyOfRange(bytes, from, from + count));
      }
    };
  }

  // What is appended waits in memory.
  private static UncheckedIOException impossible(IOException e) {
    return new UncheckedIOException(e);
  }

  private static double seconds() {
    return System.currentTimeMillis() / 1e3;
  }

  /** The file, to be written. */
  AppendedFile file() {
    return file;
  }

  /** Adds what is a number of a line of metrics, whose first cell is the update. */
  void metric(List<String> columns, String... cells) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (int i = 1; i < cells.length; i++) {
      if (NUMBER.matcher(cells[i]).matches()) {
        numbers.put(columns.get(i), Double.valueOf(cells[i]));
      }
    }
    try {
      events.scalars(Long.parseLong(cells[0]), seconds(), numbers);
    } catch (IOException e) {
      throw impossible(e);
    }
  }

  /** Adds the options, as a table in Markdown. */
  void options(JsonObject options) {
    StringBuilder table = new StringBuilder("| option | value |\n|---|---|\n");
    options
        .entrySet()
        .forEach(
            option ->
                table
                    .append("| ")
                    .append(option.getKey())
                    .append(" | ")
                    .append(option.getValue().getAsString().replace("|", "\\|"))
                    .append(" |\n"));
    try {
      events.text(0, seconds(), "options", table.toString());
    } catch (IOException e) {
      throw impossible(e);
    }
  }
}
