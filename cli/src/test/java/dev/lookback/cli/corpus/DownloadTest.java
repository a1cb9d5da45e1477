package dev.lookback.cli.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.data.DataException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  private static final String HOW_TO_PASS =
      ". Pass a file with --data FILE, or put time-machine.txt into a folder and name it with"
          + " --data-dir DIR or LOOKBACK_DATA=DIR.";

  @TempDir Path cache;

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private void assertFails(Server server, String what) throws IOException {
    assertThatThrownBy(() -> Download.fetch(server.remote(), cache))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "time-machine: the download from " + server.uri() + " failed: " + what)
        .hasMessageEndingWith(HOW_TO_PASS);
    assertThat(cached()).isEmpty();
  }

  @Test
  void aFileIsFetchedOnceAndThenTakenFromTheCache() throws IOException {
    Path folder = cache.resolve("new/folder");
    try (Server server = Server.giving(Server.BODY)) {
      Path file = Download.fetch(server.remote(), folder);
      assertThat(file).isEqualTo(folder.resolve("time-machine.txt")).hasContent(Server.BODY);
      assertThat(Download.fetch(server.remote(), folder)).isEqualTo(file);
      assertThat(server.requests()).isEqualTo(1);
      assertThat(cached()).containsExactly(file);
    }
  }

  @Test
  void aDamagedFileInTheCacheIsReplaced() throws IOException {
    Files.writeString(cache.resolve("time-machine.txt"), "half of i");
    try (Server server = Server.giving(Server.BODY)) {
      assertThat(Download.fetch(server.remote(), cache)).hasContent(Server.BODY);
    }
  }

  @Test
  void aWrongChecksumIsNotKept() throws IOException {
    String other = Server.BODY.replace('T', 'X');
    try (Server server = Server.giving(other)) {
      assertFails(
          server,
          "what came is not the expected file ("
              + other.length()
              + " bytes, SHA-256 "
              + Server.sha256(other.getBytes(StandardCharsets.UTF_8))
              + "; expected ");
    }
  }

  @Test
  void aLongerAnswerIsNotKept() throws IOException {
    try (Server server = Server.giving(Server.BODY + "<p>Please log in</p>")) {
      assertFails(
          server,
          "what came is not the expected file (" + (Server.BODY.length() + 20) + " bytes, ");
    }
  }

  @Test
  void aBodyThatEndsEarlyIsNotKept() throws IOException {
    try (Server server = Server.giving(Server.BODY.substring(0, 100))) {
      assertFails(server, "it ended after 100 of " + Server.BODY.length() + " bytes");
    }
  }

  @Test
  void aConnectionThatBreaksOffIsNotKept() throws IOException {
    try (Server server = new Server(200, Server.BODY.length(), Server.BODY.substring(0, 100))) {
      assertFails(server, "");
    }
  }

  @Test
  void aMissingPageIsNamedByItsStatus() throws IOException {
    try (Server server = new Server(404, 0, "nothing here")) {
      assertFails(server, "the server answered with HTTP status 404");
    }
  }

  @Test
  void noNetworkIsSaidSo() throws IOException {
    URI closed;
    try (Server server = Server.giving("")) {
      closed = server.uri();
    }
    assertThatThrownBy(() -> Download.fetch(Server.remote(closed), cache))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "time-machine: the download from "
                + closed
                + " failed: no connection to "
                + closed.getAuthority()
                + " (is there a network?)"
                + HOW_TO_PASS);
    assertThat(cached()).isEmpty();
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamed() throws IOException {
    Path notAFolder = Files.writeString(cache.resolve("file"), "");
    try (Server server = Server.giving(Server.BODY)) {
      assertThatThrownBy(() -> Download.fetch(server.remote(), notAFolder.resolve("below")))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("it could not be written to " + notAFolder.resolve("below"))
          .hasMessageEndingWith(HOW_TO_PASS);
    }
  }

  @Test
  void theTimeMachineIsPinned() {
    Remote remote = Remote.timeMachine();
    assertThat(remote.uri().getScheme()).isEqualTo("https");
    assertThat(remote.bytes()).isEqualTo(178_979);
    assertThat(remote.sha256()).hasSize(64);
  }
}
