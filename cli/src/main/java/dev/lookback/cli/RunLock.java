package dev.lookback.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who trains in a run's folder: the system's lock on {@code checkpoints/.lock}, which goes with its
 * process however that ends.
 */
final class RunLock implements AutoCloseable {
  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  private static Path file(Path run) {
    return run.resolve("checkpoints").resolve(".lock");
  }

  /** Takes the folder, unless another has it. */
  static RunLock take(Path run) {
    try {
      Files.createDirectories(file(run).getParent());
      SmallFile.requirePlain(file(run));
      FileChannel channel =
          FileChannel.open(file(run), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel).isEmpty()) {
        channel.close();
        throw Failure.running(
            "another process is training in " + run + ". End it, or wait until it has ended", null);
      }
      return new RunLock(channel);
    } catch (IOException e) {
      throw Failure.running("the run folder " + run + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** Whether somebody has the folder. */
  static boolean isTaken(Path run) {
    if (!Files.isRegularFile(file(run))) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file(run), StandardOpenOption.WRITE)) {
      Optional<FileLock> lock = lock(channel);
      if (lock.isPresent()) {
        lock.get().release();
      }
      return lock.isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a folder holds an unused lock and nothing else. */
  static boolean isAlone(Path checkpoints) {
    Path run = checkpoints.resolveSibling("");
    if (!file(run).equals(checkpoints.resolve(file(run).getFileName())) || isTaken(run)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(checkpoints)) {
      return entries.allMatch(file(run)::equals);
    } catch (IOException e) {
      return false;
    }
  }

  // Nothing where another process, or this one, has it.
  private static Optional<FileLock> lock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The system takes the lock back with the process.
    }
  }
}
