package dev.lookback.cli;

import dev.lookback.cli.words.ShellWord;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * What can be done with a run that has ended, as commands to copy.
 *
 * @param folder of the run
 * @param data what it learned from, as it was typed
 * @param text whether the model predicts characters
 * @param longer the option that lets it go on
 */
record NextSteps(Path folder, String data, boolean text, String longer) {
  private static final String STDIN = "-";

  void print(PrintStream out) {
    String run = ShellWord.of(folder);
    String same = data.isEmpty() || data.equals(STDIN) ? "FILE" : ShellWord.of(data);
    out.println("Next:");
    if (text) {
      line(out, "write text", "generate " + run);
      line(out, "other text", "evaluate " + run + " FILE");
      line(out, "unusual lines", "score " + run + " FILE");
    } else {
      line(out, "new data", "evaluate " + run + " " + same + " --seed 2");
    }
    line(out, "how far back", "audit " + run + " " + same);
    line(out, "go on", "train --resume " + run + " " + longer);
  }

  private static void line(PrintStream out, String purpose, String command) {
    out.println("  " + purpose + " ".repeat(15 - purpose.length()) + "lookback " + command);
  }
}
