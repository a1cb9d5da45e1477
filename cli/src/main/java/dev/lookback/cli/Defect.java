package dev.lookback.cli;

import com.google.gson.JsonObject;
import dev.lookback.data.DataException;
import dev.lookback.format.FormatException;
import dev.lookback.message.Visible;
import dev.lookback.train.TrainingDiverged;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** A mistake of this program: whatever was thrown and is no refusal, mishap or divergence. */
final class Defect {
  // Pictures and tables are ours: no option reaches their arguments unchecked.
  private static final String OURS = "dev.lookback.";
  private static final String PICTURES = OURS + "cli.report.";

  private Defect() {}

  /** Whether this is one. */
  static boolean is(Throwable thrown) {
    return !(thrown instanceof Failure
        || thrown instanceof DataException
        || thrown instanceof FormatException
        || thrown instanceof TrainingDiverged
        || thrown instanceof IOException
        || thrown instanceof UncheckedIOException
        || isRefusal(thrown));
  }

  /**
   * Whether this is an argument that our own code refuses in so many words: neither one of Java's
   * subclasses, such as what a number that does not parse throws, nor one that Java itself refuses.
   */
  static boolean isRefusal(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return thrown.getClass() == IllegalArgumentException.class
        && trace.length > 0
        && trace[0].getClassName().startsWith(OURS)
        && !trace[0].getClassName().startsWith(PICTURES);
  }

  /** Tells of it, and what a report needs, and returns the exit code. */
  static int tell(Throwable thrown, Terminal terminal) {
    String what = "internal error: " + thrown;
    String how =
        "This is a defect of Lookback, not of what you typed. Please report it where you have"
            + " Lookback from, with the command, these lines and, if you may share it, its input";
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    String lines = where() + System.lineSeparator() + trace;
    if (terminal.logs()) {
      JsonObject fields = new JsonObject();
      fields.addProperty("report", lines);
      terminal.fail("defect", what + ". " + how, fields);
    } else {
      terminal.fail("defect", what, new JsonObject());
      terminal.err().println(how + ":");
      terminal.err().print(Visible.lines(lines));
    }
    return ExitCode.DEFECT;
  }

  private static String where() {
    return "lookback "
        + LookbackCommand.version()
        + ", Java "
        + System.getProperty("java.vm.version")
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + System.getProperty("os.arch");
  }
}
