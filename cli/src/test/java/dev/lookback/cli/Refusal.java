package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** How a file is refused: by its name, in words, and so that a terminal shows them. */
final class Refusal {
  private static final int MOST_CHARACTERS = 3000;

  private Refusal() {}

  static void require(String message, Path file) {
    assertThat(message).contains(file.toString());
    assertThat(message.replace(file.toString(), "")).hasSizeBetween(10, MOST_CHARACTERS);
    assertThat(message).doesNotContain("Exception", "\tat ", "defect of Lookback");
    assertThat(message.strip()).doesNotEndWith(": null");
    assertThat(message.strip().replace("\n", "")).doesNotContainPattern("\\p{Cntrl}");
  }
}
