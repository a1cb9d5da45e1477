package dev.lookback.cli.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.DataException;
import dev.lookback.data.TextSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorporaTest {
  @TempDir Path temp;

  private Path option;
  private Path variable;
  private Path cache;

  @BeforeEach
  void folders() throws IOException {
    option = Files.createDirectory(temp.resolve("option"));
    variable = Files.createDirectory(temp.resolve("variable"));
    cache = Files.createDirectory(temp.resolve("cache"));
  }

  private Corpora corpora(Remote remote) {
    return new Corpora(new Places(Optional.of(option), Optional.of(variable), cache), remote);
  }

  private Corpora corpora() {
    return corpora(Remote.timeMachine());
  }

  private static InputStream nothing() {
    return InputStream.nullInputStream();
  }

  private static String read(TextSource source) {
    try (Corpus corpus = Corpus.read(source, CorpusOptions.standard())) {
      return corpus.vocabulary().decode(corpus.tokens().toArray(0, corpus.tokens().length()));
    }
  }

  @Test
  void aDashIsStandardInput() {
    InputStream in = new ByteArrayInputStream("typed".getBytes(StandardCharsets.UTF_8));
    assertThat(read(corpora().resolve("-", in))).isEqualTo("typed");
  }

  @Test
  void aFileOrAFolderIsMeantByItsPath() throws IOException {
    Path file = Files.writeString(option.resolve("a.txt"), "text");
    assertThat(read(corpora().resolve(file.toString(), nothing()))).isEqualTo("text");
    assertThat(read(corpora().resolve(option.toString(), nothing()))).isEqualTo("text");
  }

  @Test
  void theTimeMachineIsLookedUpBeforeItIsDownloaded() throws IOException {
    try (Server server = Server.giving(Server.BODY)) {
      Corpora corpora = corpora(server.remote());
      Files.writeString(variable.resolve("time-machine.txt"), "by variable");
      assertThat(read(corpora.resolve("time-machine", nothing()))).isEqualTo("by variable");
      Files.writeString(option.resolve("time-machine.txt"), "by option");
      assertThat(read(corpora.resolve("time-machine", nothing()))).isEqualTo("by option");
      assertThat(server.requests()).isZero();
      Files.delete(option.resolve("time-machine.txt"));
      Files.delete(variable.resolve("time-machine.txt"));
      TextSource source = corpora.resolve("time-machine", nothing());
      assertThat(read(source)).isEqualTo(Server.BODY);
      assertThat(source.name()).isEqualTo("time-machine");
      assertThat(cache.resolve("time-machine.txt")).hasContent(Server.BODY);
    }
  }

  @Test
  void tinyShakespeareComesFromAFileOnly() throws IOException {
    assertThatThrownBy(() -> corpora().resolve("tiny-shakespeare", nothing()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "tiny-shakespeare: tiny-shakespeare.txt is not on this machine and is not downloaded."
                + " Get it (input.txt of char-rnn's tinyshakespeare). Pass a file with --data"
                + " FILE, or put tiny-shakespeare.txt into a folder and name it with --data-dir"
                + " DIR or LOOKBACK_DATA=DIR.");
    Files.writeString(cache.resolve("tiny-shakespeare.txt"), "First Citizen:");
    assertThat(read(corpora().resolve("tiny-shakespeare", nothing()))).isEqualTo("First Citizen:");
  }

  @Test
  void anUnknownNameGetsTheNamesThereAre() {
    assertThatThrownBy(() -> corpora().resolve("timemachine", nothing()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "'timemachine' is neither a file nor a folder nor a built-in corpus. Did you mean"
                + " time-machine? It was looked for in "
                + Path.of("").toAbsolutePath()
                + ". Built in are sources, time-machine, tiny-shakespeare; - reads"
                + " standard input.");
    assertThatThrownBy(() -> corpora().resolve("no/such/file.txt", nothing()))
        .hasMessage(
            "'no/such/file.txt' is neither a file nor a folder nor a built-in corpus. It was looked"
                + " for in "
                + Path.of("").toAbsolutePath()
                + ". Built in are sources, time-machine, tiny-shakespeare; - reads standard input.");
    assertThatThrownBy(() -> corpora().resolve("", nothing())).hasMessageStartingWith("'' is");
    assertThatThrownBy(() -> corpora().resolve("a\0b", nothing()))
        .isInstanceOf(DataException.class);
  }

  @Test
  void aDataFolderThatIsNotThereIsNamed() throws IOException {
    Files.delete(option);
    assertThatThrownBy(() -> corpora().resolve("time-machine", nothing()))
        .isInstanceOf(DataException.class)
        .hasMessage("--data-dir is " + option + ", which is not there. Pass an existing folder.");
    Files.createDirectory(option);
    Files.delete(variable);
    Files.writeString(variable, "");
    assertThatThrownBy(() -> corpora().resolve("tiny-shakespeare", nothing()))
        .hasMessage(
            "LOOKBACK_DATA is " + variable + ", which is not a folder. Pass an existing folder.");
  }
}
