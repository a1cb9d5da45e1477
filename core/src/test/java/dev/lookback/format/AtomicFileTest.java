package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  private static final byte[] BEFORE = "before".getBytes(StandardCharsets.UTF_8);
  private static final byte[] AFTER = "after, and longer".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void someFileIsThere() throws IOException {
    file = folder.resolve("model.safetensors");
    Files.write(file, BEFORE);
  }

  @Test
  void replaces() throws IOException {
    AtomicFile.write(file, out -> out.write(AFTER));
    assertThat(file).hasBinaryContent(AFTER);
    assertThat(names()).containsExactly("model.safetensors");
  }

  @Test
  void creates() throws IOException {
    Files.delete(file);
    AtomicFile.write(file, out -> out.write(AFTER));
    assertThat(file).hasBinaryContent(AFTER);
    assertThat(names()).containsExactly("model.safetensors");
  }

  @Test
  void aDiskFullAfterAnyByteLeavesTheFileBefore() throws IOException {
    byte[] whole = Bytes.write(Bytes.sample());
    for (int room = 0; room < whole.length; room++) {
      int bytes = room;
      assertThatThrownBy(() -> write(new Faults(bytes, false, false)))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "could not write "
                  + file
                  + ": No space left on device; the file that was there is as it was");
      assertThat(file).hasBinaryContent(BEFORE);
      assertThat(names()).containsExactly("model.safetensors");
    }
    write(new Faults(whole.length, false, false));
    assertThat(file).hasBinaryContent(whole);
  }

  @Test
  void aDiskThatFailsAtTheEndLeavesTheFileBefore() throws IOException {
    for (Faults faults : List.of(new Faults(9999, true, false), new Faults(9999, false, true))) {
      assertThatThrownBy(() -> write(faults))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("could not write " + file + ": Input/output error;");
      assertThat(file).hasBinaryContent(BEFORE);
      assertThat(names()).containsExactly("model.safetensors");
    }
  }

  @Test
  void withoutAFileBeforeNoneIsLeft() throws IOException {
    Files.delete(file);
    assertThatThrownBy(() -> write(new Faults(20, false, false)))
        .isInstanceOf(IOException.class)
        .hasMessage("could not write " + file + ": No space left on device");
    assertThat(names()).isEmpty();
  }

  @Test
  void aFailureOfTheWriterLeavesTheFileBefore() throws IOException {
    TensorFile bad = Bytes.sample().with("half", "\ud83d");
    assertThatThrownBy(() -> SafeTensors.write(file, bad))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(file).hasBinaryContent(BEFORE);
    assertThat(names()).containsExactly("model.safetensors");
  }

  @Test
  void leftoversOfACrashAreNoObstacle() throws IOException {
    Files.createFile(folder.resolve(".lookback-0.tmp"));
    AtomicFile.write(file, out -> out.write(AFTER));
    assertThat(file).hasBinaryContent(AFTER);
    assertThat(names()).containsExactlyInAnyOrder(".lookback-0.tmp", "model.safetensors");
  }

  @Test
  void theFolderHasToExist() {
    Path lost = folder.resolve("none").resolve("model.safetensors");
    assertThatThrownBy(() -> AtomicFile.write(lost, out -> out.write(AFTER)))
        .isInstanceOf(IOException.class)
        .hasMessage("could not write " + lost + ": there is no folder " + folder.resolve("none"));
    assertThatThrownBy(() -> AtomicFile.write(folder, out -> out.write(AFTER)))
        .isInstanceOf(IOException.class)
        .hasMessage("could not write " + folder + ": it is a folder");
  }

  private void write(Faults faults) throws IOException {
    AtomicFile.write(file, out -> SafeTensorsWriter.write(Bytes.sample(), out), faults);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }
}
