package dev.lookback.cli.explain;

import java.util.List;

/**
 * A section of the lesson.
 *
 * @param key its name for machines
 * @param title its heading
 * @param parts in reading order
 */
record Section(String key, String title, List<Part> parts) {
  Section {
    parts = List.copyOf(parts);
  }
}
