package dev.lookback.cli.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.TextSource;
import dev.lookback.data.TextSource.Part;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedSourcesTest {
  @TempDir Path temp;

  @Test
  void theProjectsOwnSourcesAreAlwaysThere() {
    TextSource sources = PackedSources.own();
    assertThat(sources.skipped()).isEmpty();
    assertThat(sources.parts())
        .extracting(part -> part.name().replace('\\', '/'))
        .anyMatch(name -> name.endsWith("core/dev/lookback/window/Window.java"))
        .anyMatch(name -> name.endsWith("cli/dev/lookback/cli/corpus/PackedSources.java"))
        .allMatch(name -> name.endsWith(".java"))
        .isSorted();
    try (Corpus corpus = Corpus.read(sources, CorpusOptions.standard())) {
      assertThat(corpus.characters()).isGreaterThan(50_000);
    }
  }

  @Test
  void aJarGivesTheSameTextAsAFolder() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("classes/corpus/sources/core/b"));
    Files.writeString(folder.resolve("B.java"), "class B {}");
    Files.writeString(folder.resolveSibling("A.java"), "class A {}\n");
    Path jar = temp.resolve("with space.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      add(out, "corpus/sources/", "");
      add(out, "corpus/sources/core/b/B.java", "class B {}");
      add(out, "corpus/sources/core/A.java", "class A {}\n");
      add(out, "corpus/other/C.java", "class C {}");
    }

    TextSource inFolder = PackedSources.at(temp.resolve("classes/corpus/sources").toUri().toURL());
    TextSource inJar =
        PackedSources.at(URI.create("jar:" + jar.toUri() + "!/corpus/sources").toURL());

    assertThat(inJar.parts())
        .extracting(Part::name)
        .containsExactly("core/A.java", "core/b/B.java");
    try (Corpus expected = Corpus.read(inFolder, CorpusOptions.standard());
        Corpus found = Corpus.read(inJar, CorpusOptions.standard())) {
      assertThat(found.characters()).isEqualTo(21);
      assertThat(found.fingerprint()).isEqualTo(expected.fingerprint());
    }
  }

  private static void add(JarOutputStream jar, String name, String text) throws IOException {
    jar.putNextEntry(new ZipEntry(name));
    jar.write(text.getBytes(StandardCharsets.UTF_8));
    jar.closeEntry();
  }
}
