package dev.lookback.data;

import dev.lookback.data.TextSource.Part;
import dev.lookback.data.TextSource.Skipped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the text files of a folder, and says which files it leaves out. */
final class FolderScan extends SimpleFileVisitor<Path> {
  // A NUL among the first bytes is how git and grep tell binary files too.
  private static final int SNIFFED = 8192;

  private final Path folder;
  private final SortedMap<String, Path> found = new TreeMap<>();

  private FolderScan(Path folder) {
    this.folder = folder;
  }

  static TextSource of(Path folder) {
    FolderScan scan = new FolderScan(folder);
    List<Part> parts = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    try {
      Files.walkFileTree(folder, scan);
      for (var entry : scan.found.entrySet()) {
        Path file = entry.getValue();
        String reason = reasonToSkip(file);
        if (reason.isEmpty()) {
          parts.add(new Part(file.toString(), () -> Files.newInputStream(file)));
        } else {
          skipped.add(new Skipped(entry.getKey(), reason));
        }
      }
    } catch (IOException e) {
      throw new DataException(
          folder
              + ": a file or folder in it cannot be read ("
              + e.getMessage()
              + "): "
              + Reasons.of(e)
              + ". Make it readable or move it away.",
          e);
    }
    if (parts.isEmpty()) {
      throw new DataException(
          folder
              + " holds no text file"
              + (skipped.isEmpty() ? "" : " (left out: " + describe(skipped) + ")")
              + ". Pass a folder with UTF-8 text files, or a file.");
    }
    return new TextSource(folder.toString(), parts, skipped);
  }

  private static String describe(List<Skipped> skipped) {
    Skipped first = skipped.get(0);
    String one = first.name() + ", " + first.reason();
    return skipped.size() == 1 ? one : one + ", and " + (skipped.size() - 1) + " more";
  }

  private static String reasonToSkip(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      return "link to a folder";
    }
    if (!Files.isRegularFile(file)) {
      return "not a regular file";
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(SNIFFED);
      for (byte b : head) {
        if (b == 0) {
          return "binary";
        }
      }
      return head.length == 0 ? "empty" : "";
    }
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    return isHidden(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (!isHidden(file)) {
      found.put(folder.relativize(file).toString().replace('\\', '/'), file);
    }
    return FileVisitResult.CONTINUE;
  }

  private boolean isHidden(Path path) {
    return !path.equals(folder) && String.valueOf(path.getFileName()).startsWith(".");
  }
}
