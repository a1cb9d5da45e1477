package dev.lookback.cli.corpus;

import dev.lookback.data.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches a {@link Remote} file once into a folder: what is there and right is not fetched again,
 * and what is fetched is checked before it gets its name, so that nothing partial is left behind.
 */
final class Download {
  private static final Duration TO_CONNECT = Duration.ofSeconds(10);
  private static final Duration IN_ALL = Duration.ofSeconds(60);

  private final Remote remote;
  private final Path folder;

  private Download(Remote remote, Path folder) {
    this.remote = remote;
    this.folder = folder;
  }

  /** The file in that folder, downloaded if it is not there yet. */
  static Path fetch(Remote remote, Path folder) {
    return new Download(remote, folder).fetch();
  }

  private Path fetch() {
    Path file = folder.resolve(remote.fileName());
    if (isRight(file)) {
      return file;
    }
    Limited body = get();
    check(body.bytes(), body.received());
    store(body.bytes(), file);
    return file;
  }

  private boolean isRight(Path file) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) == remote.bytes()
          && sha256(Files.readAllBytes(file)).equals(remote.sha256());
    } catch (IOException e) {
      return false; // as good as not there: it is fetched again
    }
  }

  private Limited get() {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(TO_CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    Limited body = new Limited(remote.bytes());
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(remote.uri()).timeout(IN_ALL).build(),
            info ->
                info.statusCode() == 200
                    ? BodyHandlers.ofByteArrayConsumer(body::accept).apply(info)
                    : BodyHandlers.discarding().apply(info));
    try {
      // The request's own timeout ends with the headers; this one covers the body too.
      int status = answer.get(IN_ALL.toSeconds(), TimeUnit.SECONDS).statusCode();
      if (status != 200) {
        throw failed("the server answered with HTTP status " + status, Optional.empty());
      }
      return body;
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw failed("it took more than " + IN_ALL.toSeconds() + " seconds", Optional.of(e));
    } catch (ExecutionException e) {
      throw failed(reason(e.getCause() == null ? e : e.getCause()), Optional.of(e));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw failed("it was interrupted", Optional.of(e));
    }
  }

  private void check(byte[] body, long received) {
    String found = sha256(body);
    if (received < remote.bytes()) {
      throw failed(
          "it ended after " + received + " of " + remote.bytes() + " bytes", Optional.empty());
    }
    if (received > remote.bytes() || !found.equals(remote.sha256())) {
      throw failed(
          "what came is not the expected file ("
              + received
              + " bytes, SHA-256 "
              + found
              + "; expected "
              + remote.bytes()
              + " bytes, SHA-256 "
              + remote.sha256()
              + "), so it was not kept; a proxy or a login page may have answered instead",
          Optional.empty());
    }
  }

  private void store(byte[] body, Path file) {
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, remote.fileName(), ".part");
      try {
        Files.write(part, body);
        move(part, file);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw failed(
          "it could not be written to "
              + folder
              + " ("
              + Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName())
              + ")",
          Optional.of(e));
    }
  }

  private static void move(Path part, Path file) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private DataException failed(String what, Optional<Exception> cause) {
    String message =
        remote.corpus()
            + ": the download from "
            + remote.uri()
            + " failed: "
            + what
            + ". "
            + Corpora.howToPass(remote.fileName());
    return cause.isPresent() ? new DataException(message, cause.get()) : new DataException(message);
  }

  private String reason(Throwable e) {
    if (e instanceof HttpTimeoutException) {
      return "no answer from " + host();
    }
    if (e instanceof ConnectException) {
      return "no connection to " + host() + " (is there a network?)";
    }
    return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
  }

  private String host() {
    return remote.uri().getAuthority();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Keeps no more of a body than the file is long, and counts the rest. */
  private static final class Limited {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final long limit;
    private long received;

    Limited(long limit) {
      this.limit = limit;
    }

    synchronized void accept(Optional<byte[]> piece) {
      byte[] bytes = piece.orElse(new byte[0]);
      kept.write(bytes, 0, (int) Math.min(bytes.length, limit - kept.size()));
      received += bytes.length;
    }

    synchronized byte[] bytes() {
      return kept.toByteArray();
    }

    synchronized long received() {
      return received;
    }
  }
}
