package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.weights.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir private Path run;

  private void save(long update, int keep) throws IOException {
    Snapshot snapshot = Snapshot.writer().put("updates", update).done();
    new Checkpoints(run).save(update, snapshot, keep);
  }

  private long newest() {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    Terminal terminal =
        new Terminal(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false);
    return new Checkpoints(run).newest(terminal).snapshot().whole("updates");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** However many there are of the way that was left: the one that was saved is there. */
  @Test
  void whereATrainingHasGoneBackLaterOnesGoAndTheNewOneStays() throws IOException {
    for (long update : new long[] {40, 100, 150}) {
      save(update, 3);
    }
    save(50, 2);
    assertThat(names())
        .containsExactly("update-000000040.safetensors", "update-000000050.safetensors");
    assertThat(newest()).isEqualTo(50);
    save(51, 2);
    assertThat(newest()).isEqualTo(51);
    assertThat(names()).hasSize(2);
  }
}
