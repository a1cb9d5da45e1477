package dev.lookback.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file whole or not at all: beside its place, forced to the disk, then renamed into it. A
 * full disk, an exception or a power cut leaves the file that was there before.
 *
 * <p>A symbolic link is followed, so that it stays one. What is no plain file, such as {@code
 * /dev/stdout}, is written to directly. After a crash a file {@code .lookback-*.tmp} may remain.
 */
public final class AtomicFile {
  private static final int MOST_NEIGHBOURS = 1000;

  /** Files of the system. */
  static final Disk PLAIN = FileSink::create;

  private AtomicFile() {}

  /** What to write. */
  @FunctionalInterface
  public interface Content {

    /** Writes everything; need not close or buffer. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** A file being written. */
  interface Sink extends Closeable {
    OutputStream stream();

    /** Returns when the disk has everything. */
    void force() throws IOException;
  }

  /** Where files come from; tests have disks that fill up. */
  @FunctionalInterface
  interface Disk {

    /** A new, empty file; {@link FileAlreadyExistsException} if there is one. */
    Sink create(Path file) throws IOException;
  }

  /**
   * Writes {@code content} to {@code target}.
   *
   * @throws IOException with a message that names the file and the cause
   */
  public static void write(Path target, Content content) throws IOException {
    write(target, content, PLAIN);
  }

  static void write(Path target, Content content, Disk disk) throws IOException {
    boolean before = Files.isRegularFile(target);
    try {
      if (Files.isDirectory(target)) {
        throw new IOException("it is a folder");
      }
      if (!before && Files.exists(target)) {
        try (OutputStream out = Files.newOutputStream(target)) {
          content.writeTo(out);
        }
        return;
      }
      Path place = before ? target.toRealPath() : followed(target);
      replace(place, content, disk);
    } catch (IOException e) {
      String consolation = before ? "; the file that was there is as it was" : "";
      throw new IOException("could not write " + target + ": " + Reason.of(e) + consolation, e);
    }
  }

  /** Where a link to nothing points; else the path itself. */
  private static Path followed(Path target) throws IOException {
    Path absolute = target.toAbsolutePath();
    return Files.isSymbolicLink(absolute)
        ? absolute.resolveSibling(Files.readSymbolicLink(absolute))
        : absolute;
  }

  private static void replace(Path place, Content content, Disk disk) throws IOException {
    Path folder = place.resolveSibling("");
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    for (int i = 0; i < MOST_NEIGHBOURS; i++) {
      // A short name of its own: the target's may already be as long as names get. Not
      // createTempFile, whose files only their owner can read.
      Path beside = place.resolveSibling(".lookback-" + i + ".tmp");
      if (Files.exists(beside, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      Sink sink;
      try {
        sink = disk.create(beside);
      } catch (FileAlreadyExistsException e) {
        continue;
      }
      boolean done = false;
      try {
        try (sink) {
          content.writeTo(sink.stream());
          sink.force();
        }
        Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
        done = true;
      } finally {
        if (!done) {
          discard(beside);
        }
      }
      forceFolder(folder);
      return;
    }
    throw new IOException("its folder is full of .lookback-*.tmp files; remove them");
  }

  private static void discard(Path beside) {
    try {
      Files.deleteIfExists(beside);
    } catch (IOException e) {
      // The failure under way matters more than the file it leaves.
    }
  }

  /** The rename itself reaches the disk with its folder, where the system can do that. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no folders. The file is complete either way.
    }
  }

  private record FileSink(FileChannel channel, OutputStream stream) implements Sink {
    static FileSink create(Path file) throws IOException {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new FileSink(channel, Channels.newOutputStream(channel));
    }

    @Override
    public void force() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
