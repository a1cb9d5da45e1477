package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.cli.words.ShellWord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NextStepsTest {
  // A word as a shell reads it: bare, or in single quotes, between which ' is written as '\\''.
  private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\\\\'|[^\\s'])+");

  @TempDir private Path folder;

  @Test
  void theCommandsNamedAtTheEndOfATrainingWork() throws IOException {
    Path text = Samples.write(folder.resolve("it's text.txt"), Samples.words(300));
    assertThat(purposes("a run", Samples.tiny("train", text)))
        .containsExactly("write text", "other text", "unusual lines", "how far back", "go on");
    String[] task = {"train", "task:copy?T=5,m=2", "--hidden", "4", "--updates", "2"};
    assertThat(purposes("a task's", Samples.and(task, "--batch", "2", "--threads", "1")))
        .containsExactly("new data", "how far back", "go on");
  }

  // Each is run as a shell would do it.
  private List<String> purposes(String name, String[] training) throws IOException {
    Path run = folder.resolve(name);
    Cli trained = Cli.run(Samples.and(training, "--run", run.toString()));
    assertThat(trained.code()).as(trained.err()).isZero();
    Path other = Samples.write(folder.resolve("other.txt"), Samples.words(60));
    List<String> purposes = new ArrayList<>();
    for (String line : trained.out().lines().dropWhile(l -> !l.equals("Next:")).skip(1).toList()) {
      String command = line.substring(line.indexOf("lookback ") + "lookback ".length());
      String[] words =
          WORD.matcher(command)
              .results()
              .map(MatchResult::group)
              .map(word -> word.replace("'\\''", "\0").replace("'", "").replace("\0", "'"))
              .map(word -> word.equals("FILE") ? other.toString() : word)
              .toArray(String[]::new);
      Cli next = Cli.run(words);
      assertThat(next.code()).as(line + next.err()).isZero();
      purposes.add(line.substring(0, line.indexOf("lookback ")).strip());
    }
    return purposes;
  }

  @Test
  void aWordIsQuotedWhereAShellWouldTakeItApart() {
    assertThat(ShellWord.of("runs/a-1_b.txt")).isEqualTo("runs/a-1_b.txt");
    assertThat(ShellWord.of("größe.txt")).isEqualTo("größe.txt");
    assertThat(ShellWord.of("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
    assertThat(ShellWord.of("task:copy?T=5")).isEqualTo("'task:copy?T=5'");
    assertThat(ShellWord.of("")).isEqualTo("''");
  }
}
