package dev.lookback.cli;

import dev.lookback.weights.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code audits.csv} of a run, a line for each audit, and what is known of them in memory. */
final class AuditFile {
  static final String NAME = "audits.csv";

  private final RunFolder folder;
  private final AppendedFile file;
  private final AuditSeries series = new AuditSeries();

  private AuditFile(RunFolder folder) {
    this.folder = folder;
    this.file = folder.growing(NAME, AuditFile::again);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] again(byte[] waiting) {
    return bytes(AuditSeries.header() + new String(waiting, StandardCharsets.UTF_8));
  }

  /** Begins one. */
  static AuditFile begin(RunFolder folder) {
    AuditFile audits = new AuditFile(folder);
    audits.file.append(bytes(AuditSeries.header()));
    return audits;
  }

  /**
   * Goes on with one as it stood at a checkpoint: what was added after that is cut off. A file that
   * is not what it was is put aside, and the last audits, which the checkpoint has, begin another.
   */
  static AuditFile goOn(RunFolder folder, Snapshot from, Terminal terminal) {
    AuditFile audits = new AuditFile(folder);
    List<Map<String, Number>> tail = AuditSeries.savedTail(from);
    try {
      if (audits.file.goOnFrom(saved(from), bytes(lines(tail)))) {
        audits.replay();
        folder.flush();
        return audits;
      }
    } catch (IOException | IllegalArgumentException e) {
      // As good as another file.
    }
    boolean all = from.whole("count") == tail.size();
    return instead(
        folder, audits.file.path(), tail, all ? Optional.empty() : Optional.of(terminal));
  }

  private static String lines(List<Map<String, Number>> points) {
    return points.stream().map(AuditSeries::line).collect(Collectors.joining());
  }

  /** Where it stood at a checkpoint. */
  static AppendedFile.Mark saved(Snapshot from) {
    return new AppendedFile.Mark(from.whole("bytes", 0, Long.MAX_VALUE), from.word("sha256"));
  }

  private static AuditFile instead(
      RunFolder folder, Path path, List<Map<String, Number>> tail, Optional<Terminal> told) {
    folder.forget(path);
    Path aside = path.resolveSibling(NAME + ".damaged");
    boolean kept = move(path, aside);
    String where = kept ? ", and is now " + aside.getFileName() : "";
    told.ifPresent(
        terminal ->
            terminal.warn(
                path
                    + " is not what it was at the checkpoint"
                    + where
                    + ". The audits go on in a new one, which begins with the last "
                    + tail.size()
                    + " of before"));
    AuditFile audits = begin(folder);
    tail.forEach(audits::append);
    folder.flush();
    return audits;
  }

  private static boolean move(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void append(Map<String, Number> point) {
    series.add(point);
    file.append(bytes(AuditSeries.line(point)));
  }

  /** Adds an audit. */
  void add(Map<String, Number> point) {
    append(point);
    folder.flush();
  }

  /** What is known of them. */
  AuditSeries series() {
    return series;
  }

  /** Forgets the audits after an update. */
  void goBackTo(long update) throws IOException {
    long keep = 0;
    try (BufferedReader lines = lines()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (keep > 0 && Long.parseLong(line.substring(0, line.indexOf(','))) > update) {
          break;
        }
        keep += line.length() + 1;
      }
    }
    file.cut(keep);
    folder.flush();
    replay();
  }

  private BufferedReader lines() throws IOException {
    return new BufferedReader(new InputStreamReader(file.read(), StandardCharsets.UTF_8));
  }

  private void replay() throws IOException {
    series.clear();
    try (BufferedReader lines = lines()) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        series.add(AuditSeries.parse(line));
      }
    }
  }

  /** Puts where it ends, and the last audits. */
  void save(Snapshot.Writer to) throws IOException {
    AppendedFile.Mark mark = file.mark();
    to.put("bytes", mark.bytes()).put("sha256", mark.sha256());
    series.save(to);
  }
}
