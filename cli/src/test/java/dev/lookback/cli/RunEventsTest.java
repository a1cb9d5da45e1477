package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events and warnings of a run. */
class RunEventsTest {
  @TempDir private Path folder;

  private Cli train(Path text, String... more) {
    String[] args = Samples.tiny("train", text, more);
    return Cli.run(Samples.and(args, "--run", folder.resolve("run").toString()));
  }

  private byte[] events() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      List<Path> found =
          files.filter(f -> f.getFileName().toString().startsWith("events.out.tfevents.")).toList();
      assertThat(found).hasSize(1);
      return Files.readAllBytes(found.get(0));
    }
  }

  // The value of a tag in its order of coming: Value { tag = 1, simple_value = 2 }.
  private static List<Float> scalars(byte[] events, String tag) {
    byte[] head = ("\n" + (char) tag.length() + tag + "\u0015").getBytes(StandardCharsets.UTF_8);
    List<Float> values = new java.util.ArrayList<>();
    for (int at = 0; at + head.length + 4 <= events.length; at++) {
      if (java.util.Arrays.equals(events, at, at + head.length, head, 0, head.length)) {
        ByteBuffer value = ByteBuffer.wrap(events, at + head.length, 4);
        values.add(value.order(ByteOrder.LITTLE_ENDIAN).getFloat());
      }
    }
    return values;
  }

  @Test
  void theNumbersOfMetricsAreEventsToo() throws IOException {
    Cli run = train(Samples.text(folder), "--updates", "12");
    assertThat(run.code()).as(run.err()).isZero();
    byte[] events = events();
    List<String> lines = Files.readAllLines(folder.resolve("run").resolve("metrics.csv"));
    List<String> columns = List.of(lines.get(0).split(","));
    for (int c = 1; c < columns.size() - 1; c++) {
      int column = c;
      assertThat(scalars(events, columns.get(c)))
          .as(columns.get(c))
          .isEqualTo(
              lines.stream().skip(1).map(l -> Float.valueOf(l.split(",", -1)[column])).toList());
    }
    assertThat(new String(events, StandardCharsets.UTF_8)).contains("| hidden | 8 |");
  }

  @Test
  void aSymbolThatNeverOccursAndDeadUnitsAreToldOfOnce() {
    Path text = Samples.write(folder.resolve("t.txt"), Samples.words(400) + "Qq");
    Cli run =
        train(
            text,
            "--updates",
            "300",
            "--activation",
            "relu",
            "--optimizer",
            "sgd",
            "--lr",
            "100",
            "--clip",
            "0");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err().lines().filter(l -> l.contains("never occur"))).hasSize(1);
    assertThat(run.err()).contains("2 of the vocabulary's symbols", "\"Q\"", "--split");
    assertThat(run.err().lines().filter(l -> l.contains("are dead")))
        .singleElement()
        .asString()
        .contains("lower --lr, or use --activation tanh");
  }

  @Test
  void aHealthyRunIsSilent() {
    Path text = Samples.write(folder.resolve("t.txt"), Samples.words(2000).strip());
    Cli run = train(text, "--updates", "700", "--hidden", "16");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
  }
}
