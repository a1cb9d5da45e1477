package dev.lookback.cli.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others write to a file while it is read comes out as if it had been there. */
class TailTest {
  @TempDir Path folder;

  /** Happens to the file while the reader waits. */
  private interface Event {
    void happen() throws IOException;
  }

  private List<String> followed(Path file, Event... events) throws IOException {
    List<Event> left = new ArrayList<>(List.of(events));
    List<String> found = new ArrayList<>();
    try (Tail tail =
        new Tail(
            file,
            () -> {
              if (left.isEmpty()) {
                return false;
              }
              try {
                left.remove(0).happen();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return true;
            })) {
      TextLines lines = new TextLines(tail, false);
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        found.add(line.get());
      }
    }
    return found;
  }

  private Event append(Path file, String text) {
    return () -> Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  @Test
  void aLineIsWholeWhenItsEndHasCome() throws IOException {
    Path file = Files.writeString(folder.resolve("log"), "one\ntw");
    assertThat(followed(file, append(file, "o"), () -> {}, append(file, "\nthree\n")))
        .containsExactly("one", "two", "three");
  }

  @Test
  void aFileThatIsCutShortBeginsAgain() throws IOException {
    Path file = Files.writeString(folder.resolve("log"), "one\ntwo\n");
    assertThat(followed(file, () -> Files.writeString(file, "new\n"), append(file, "er\n")))
        .containsExactly("one", "two", "new", "er");
  }

  @Test
  void aFileThatIsReplacedIsReadToItsEndFirst() throws IOException {
    Path file = Files.writeString(folder.resolve("log"), "one\n");
    Path old = folder.resolve("log.1");
    assertThat(
            followed(
                file,
                () -> Files.move(file, old),
                append(old, "two\n"),
                () -> Files.writeString(file, "three\n"),
                append(file, "four\n")))
        .containsExactly("one", "two", "three", "four");
  }
}
