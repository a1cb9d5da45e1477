package dev.lookback.cli.corpus;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server on this machine that always gives the same answer. */
final class Server implements AutoCloseable {
  static final String BODY = "The Time Traveller (for so it will be convenient ...)\n".repeat(40);

  private final HttpServer server;
  private final AtomicInteger requests = new AtomicInteger();

  /** Announces {@code announced} bytes (0 for chunks of unknown number) and sends the body. */
  Server(int status, long announced, String body) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(status, announced);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
          } finally {
            exchange.close();
          }
        });
    server.start();
  }

  static Server giving(String body) throws IOException {
    return new Server(200, 0, body);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/timemachine.txt");
  }

  /** What has to come: {@link #BODY}. */
  Remote remote() {
    return remote(uri());
  }

  static Remote remote(URI uri) {
    byte[] bytes = BODY.getBytes(StandardCharsets.UTF_8);
    return new Remote("time-machine", uri, "time-machine.txt", bytes.length, sha256(bytes));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
