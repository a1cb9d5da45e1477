package dev.lookback.cli.corpus;

import dev.lookback.data.FolderFilter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Leaves out of a folder what this program wrote into it, recognised by what is in it: runs, pages,
 * and tables of comparisons and audits. A text that is trained on must not grow by being trained
 * on.
 */
final class OwnOutputs implements FolderFilter {
  private static final int HEAD = 1024;
  private static final Pattern RECORD =
      Pattern.compile("\\A\\s*\\{\\s*\"command\":\\s*\"(train|compare)\",\\s*\"version\":");
  private static final String PAGE = "<meta name=\"generator\" content=\"Lookback\"/>";
  private static final String METRICS = "update,epoch,tokens,seconds,loss,validation_loss,";
  private static final List<String> TABLES =
      List.of(
          "coupling,seed,update,",
          "coupling,seed,loss,",
          "coupling,seed,done,",
          "coupling,tensor,",
          METRICS);

  @Override
  public Optional<String> reasonToSkip(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      boolean run =
          RECORD.matcher(head(path.resolve("run.json"))).find()
              || head(path.resolve("metrics.csv")).startsWith(METRICS);
      return run ? Optional.of("a run folder of Lookback") : Optional.empty();
    }
    String head = head(path);
    if (head.contains(PAGE)) {
      return Optional.of("a report of Lookback");
    }
    boolean ours = RECORD.matcher(head).find() || TABLES.stream().anyMatch(head::startsWith);
    return ours ? Optional.of("numbers written by Lookback") : Optional.empty();
  }

  private static String head(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEAD), StandardCharsets.UTF_8);
    }
  }
}
