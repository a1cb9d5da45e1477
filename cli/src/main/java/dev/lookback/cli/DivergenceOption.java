package dev.lookback.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What to do when a loss or gradient is no number. */
final class DivergenceOption {
  private static final Pattern BACK_OFF = Pattern.compile("back-off(?::([0-9]{1,4}))?");
  private static final int STANDARD = 3;

  @Option(
      names = "--on-divergence",
      paramLabel = "D",
      defaultValue = "stop",
      description = "stop, back-off[:N]: back, half the rate, N times [${DEFAULT-VALUE}]")
  private String what = "stop";

  /** How often to go back to the last good weights, at half the rate each time; 0 to stop. */
  int backOffs() {
    if (what.strip().equals("stop")) {
      return 0;
    }
    Matcher form = BACK_OFF.matcher(what.strip());
    int count = !form.matches() ? 0 : form.group(1) == null ? STANDARD : number(form);
    if (count < 1) {
      throw Failure.usage(
          "--on-divergence is \""
              + what
              + "\" but has to be stop, back-off, or back-off:N with N from 1, such as back-off:5");
    }
    return count;
  }

  private static int number(Matcher form) {
    return Integer.parseInt(form.group(1));
  }
}
