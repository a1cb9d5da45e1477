package dev.lookback.cli.corpus;

import dev.lookback.data.DataException;
import dev.lookback.data.TextSource;
import dev.lookback.data.TextSource.Part;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * The built-in corpus {@code sources}: this project's own Java sources, packed beside its classes
 * when it is built, in the order of their paths.
 */
final class PackedSources {
  static final String NAME = "sources";
  private static final String FOLDER = "corpus/sources";

  private PackedSources() {}

  /** The sources that are packed with this class, in a folder or in a jar. */
  static TextSource own() {
    URL folder = PackedSources.class.getResource("/" + FOLDER);
    if (folder == null) {
      throw new DataException(
          NAME + ": this build carries no sources. Pass a text file or a folder instead.");
    }
    return at(folder);
  }

  /** The sources in a folder, given as {@code file:} or {@code jar:} URL. */
  static TextSource at(URL folder) {
    try {
      if (folder.openConnection() instanceof JarURLConnection connection) {
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
          return inJar(Path.of(jar.getName()), connection.getEntryName());
        }
      }
      TextSource files = TextSource.folder(Path.of(folder.toURI()));
      return new TextSource(NAME, files.parts(), files.skipped());
    } catch (IOException | URISyntaxException e) {
      throw new DataException(
          NAME + ": the packed sources at " + folder + " cannot be read (" + e.getMessage() + ").",
          e);
    }
  }

  private static TextSource inJar(Path jar, String folder) throws IOException {
    String prefix = folder.endsWith("/") ? folder : folder + "/";
    try (JarFile open = new JarFile(jar.toFile())) {
      List<Part> parts =
          open.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.startsWith(prefix) && name.endsWith(".java"))
              .sorted()
              .map(name -> new Part(name.substring(prefix.length()), () -> entry(jar, name)))
              .toList();
      return new TextSource(NAME, parts, List.of());
    }
  }

  private static InputStream entry(Path jar, String name) throws IOException {
    JarFile open = new JarFile(jar.toFile());
    try {
      return new FilterInputStream(open.getInputStream(open.getEntry(name))) {
        @Override
        public void close() throws IOException {
          open.close();
        }
      };
    } catch (IOException | RuntimeException e) {
      open.close();
      throw e;
    }
  }
}
