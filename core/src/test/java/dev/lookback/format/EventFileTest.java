package dev.lookback.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read again by a reader made from the format's specification. */
class EventFileTest {
  private static final double START = 1_700_000_000.25;

  @TempDir private Path folder;

  private static Map<String, Double> numbers(double loss) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("loss", loss);
    numbers.put("rate", 0.002);
    return numbers;
  }

  private byte[] written() throws IOException {
    try (EventFile file = EventFile.create(folder, START)) {
      file.text(0, START, "options", "| hidden | 128 |\nüber " + "x".repeat(300));
      for (int i = 1; i <= 5; i++) {
        file.scalars(1L << (7 * i), START + i, numbers(i == 4 ? Double.NaN : 1.0 / i));
      }
      return Files.readAllBytes(file.path());
    }
  }

  /** The check value of every catalogue of CRCs. */
  @Test
  void theReadersChecksumIsCastagnolis() {
    assertThat(EventReader.crc("123456789".getBytes(StandardCharsets.US_ASCII), 0, 9))
        .isEqualTo(0xe3069283L);
  }

  @Test
  void everythingComesBack() throws IOException {
    List<EventReader.Event> events = EventReader.read(written());
    assertThat(events).hasSize(7);
    EventReader.Event first = events.get(0);
    assertThat(first.version()).isEqualTo("brain.Event:2");
    assertThat(first.seconds()).isEqualTo(START);
    assertThat(events.get(1).texts())
        .containsExactly(Map.entry("options", "| hidden | 128 |\nüber " + "x".repeat(300)));
    for (int i = 1; i <= 5; i++) {
      EventReader.Event event = events.get(1 + i);
      assertThat(event.step()).isEqualTo(1L << (7 * i));
      assertThat(event.seconds()).isEqualTo(START + i);
      float loss = i == 4 ? Float.NaN : (float) (1.0 / i);
      assertThat(event.scalars())
          .containsExactly(Map.entry("loss", loss), Map.entry("rate", 0.002f));
    }
  }

  /** Wherever a process is killed, every event that was whole is there. */
  @Test
  void aFileThatIsCutOffGivesWhatWasWhole() throws IOException {
    byte[] all = written();
    List<EventReader.Event> events = EventReader.read(all);
    int whole = 0;
    for (int length = 0; length <= all.length; length++) {
      List<EventReader.Event> read = EventReader.read(Arrays.copyOf(all, length));
      assertThat(read).isEqualTo(events.subList(0, read.size()));
      assertThat(read.size()).isBetween(whole, whole + 1);
      whole = read.size();
    }
    assertThat(whole).isEqualTo(events.size());
  }

  @Test
  void isCalledAsTensorBoardLooksForItAndNeverOverwritten() throws IOException {
    try (EventFile file = EventFile.create(folder, START);
        EventFile other = EventFile.create(folder, START)) {
      assertThat(file.path().getFileName()).hasToString("events.out.tfevents.1700000000.lookback");
      assertThat(other.path().getFileName())
          .hasToString("events.out.tfevents.1700000000.lookback.1");
    }
  }
}
