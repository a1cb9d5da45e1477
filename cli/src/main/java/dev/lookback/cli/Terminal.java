package dev.lookback.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.lookback.message.Visible;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;

/**
 * Where a command reads and writes: results go to {@code out}, progress and warnings to {@code
 * err}, as text or as a log: one JSON object a line, with {@code time}, {@code level} (info,
 * warning, error), {@code event}, {@code message} and what else belongs to the event.
 *
 * <p>Names and texts come from files that strangers may have made. What of them a terminal would
 * obey is shown as an escape, on {@code out} whatever is written to it (see {@link Output#raw}).
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param interactive whether a person watches {@code err}, so that a progress bar may be drawn
 * @param logs whether {@code err} is a log
 * @param screen whether a person sees {@code out}: it is a terminal, not a file or a pipe
 */
public record Terminal(
    InputStream in, Output out, Output err, boolean interactive, boolean logs, boolean screen) {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

  /** One that tells in text. */
  public Terminal(InputStream in, OutputStream out, OutputStream err, boolean interactive) {
    this(in, Output.escaping(out), Output.to(err), interactive, false, false);
  }

  /** The same with a log, which nobody watches. */
  public Terminal logging() {
    return new Terminal(in, out, err, false, true, screen);
  }

  /** The same whose {@code out} is a terminal, if that is so. */
  public Terminal showing(boolean screen) {
    return new Terminal(in, out, err, interactive, logs, screen);
  }

  /** Tells the user something that does not stop the command. */
  public void warn(String message) {
    warn("warning", message, new JsonObject());
  }

  /** The same with what a log has of it. */
  public void warn(String event, String message, JsonObject fields) {
    if (logs) {
      log("warning", event, message, fields);
    } else {
      err.println("warning: " + Visible.lines(message));
    }
  }

  /** Tells the user that the command ends here, and why. */
  public void fail(String event, String message) {
    fail(event, message, new JsonObject());
  }

  /** The same with what a log has of it. */
  public void fail(String event, String message, JsonObject fields) {
    if (logs) {
      log("error", event, message, fields);
    } else {
      err.println("lookback: " + Visible.lines(message));
    }
  }

  /** Tells the user how things stand. */
  public void tell(String event, String message) {
    tell(event, message, new JsonObject());
  }

  /** Tells the user how things stand, and a log what belongs to it. */
  public void tell(String event, String message, JsonObject fields) {
    if (logs) {
      log("info", event, message, fields);
    } else {
      err.println(Visible.lines(message));
    }
  }

  /** Something that only a log tells. */
  public void note(String event, String message, JsonObject fields) {
    if (logs) {
      log("info", event, message, fields);
    }
  }

  private void log(String level, String event, String message, JsonObject fields) {
    JsonObject line = new JsonObject();
    line.addProperty("time", Instant.now().toString());
    line.addProperty("level", level);
    line.addProperty("event", event);
    line.addProperty("message", message);
    fields.entrySet().forEach(field -> line.add(field.getKey(), field.getValue()));
    err.println(Visible.of(GSON.toJson(Finite.of(line))));
  }
}
