package dev.lookback.data;

import dev.lookback.data.TextSource.Part;
import dev.lookback.data.TextSource.Skipped;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the text files of a folder, and says which files it leaves out. */
final class FolderScan extends SimpleFileVisitor<Path> {

  /**
   * A file or a folder.
   *
   * @param name within the folder that is scanned, the same in every locale
   * @param path where it is
   */
  private record Found(String name, Path path) {
    // Names may be equal where they are not UTF-8; the paths never are.
    static final Comparator<Found> ORDER =
        Comparator.comparing(Found::name).thenComparing(Found::path);
  }

  private final Path folder;
  private final FolderFilter filter;
  private final List<Found> found = new ArrayList<>();
  private final List<Skipped> skipped = new ArrayList<>();

  private FolderScan(Path folder, FolderFilter filter) {
    this.folder = folder;
    this.filter = filter;
  }

  static TextSource of(Path folder, FolderFilter filter) {
    List<Part> parts = new ArrayList<>();
    List<Skipped> skipped;
    try {
      // A link to a folder stands for it.
      FolderScan scan = new FolderScan(folder.toRealPath(), filter);
      scan.requireText(folder);
      Files.walkFileTree(scan.folder, scan);
      scan.found.sort(Found.ORDER);
      for (Found file : scan.found) {
        String reason = scan.reasonToSkip(file.path());
        if (reason.isEmpty()) {
          String name = folder + File.separator + file.name().replace("/", File.separator);
          parts.add(new Part(name, () -> Files.newInputStream(file.path())));
        } else {
          scan.skipped.add(new Skipped(file.name(), reason));
        }
      }
      skipped = scan.skipped;
      skipped.sort(Comparator.comparing(Skipped::name));
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

  private void requireText(Path asked) throws IOException {
    Optional<String> reason = filter.reasonToSkip(folder);
    if (reason.isPresent()) {
      throw new DataException(
          asked
              + " is "
              + reason.get()
              + ", not a text. Pass a folder with text files, or a file.");
    }
  }

  private String reasonToSkip(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      return "link to a folder";
    }
    if (!Files.isRegularFile(file)) {
      return "not a regular file";
    }
    Optional<String> reason = filter.reasonToSkip(file);
    if (reason.isPresent()) {
      return reason.get();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Contents.reasonToSkip(in);
    } catch (Gzip.Damaged e) {
      throw new DataException(
          file + " cannot be read: " + e.getMessage() + ". Replace or remove it.", e);
    }
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
      throws IOException {
    if (isHidden(directory)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    Optional<String> reason =
        directory.equals(folder) ? Optional.empty() : filter.reasonToSkip(directory);
    reason.ifPresent(why -> skipped.add(new Skipped(FileNames.within(folder, directory), why)));
    return reason.isPresent() ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (!isHidden(file)) {
      found.add(new Found(FileNames.within(folder, file), file));
    }
    return FileVisitResult.CONTINUE;
  }

  private boolean isHidden(Path path) {
    return !path.equals(folder) && String.valueOf(path.getFileName()).startsWith(".");
  }
}
