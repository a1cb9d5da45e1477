package dev.lookback.cli;

import dev.lookback.format.CheckpointFile;
import dev.lookback.format.FormatException;
import dev.lookback.weights.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of a run, {@code checkpoints/update-N.safetensors} in its folder. One is there
 * whole or not at all; a new one is on the disk before an old one goes.
 */
final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("update-([0-9]{1,18})\\.safetensors");
  private static final Pattern LEFTOVER = Pattern.compile("\\.lookback-[0-9]+\\.tmp");

  private static final String DAMAGED = ".damaged";

  private final Path folder;

  /** Of the run in this folder. */
  Checkpoints(Path run) {
    this.folder = run.resolve("checkpoints");
  }

  /**
   * A checkpoint that was read.
   *
   * @param file where it is
   * @param snapshot what it holds
   */
  record Found(Path file, Snapshot snapshot) {}

  /**
   * Saves, and then forgets those of later updates, which are of a way that was left, and of the
   * others all but the last {@code keep}.
   *
   * @return which of those could not be removed, and why
   * @throws IOException if it could not be saved
   */
  List<String> save(long update, Snapshot snapshot, int keep) throws IOException {
    // Where a run's folder was removed, or its disk, it is not made anew.
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder);
    }
    CheckpointFile.write(
        folder.resolve(String.format(Locale.ROOT, "update-%09d.safetensors", update)), snapshot);
    List<String> stays = new ArrayList<>();
    for (Path file : newestFirst()) {
      if (number(file).orElse(0L) > update) {
        remove(file, stays);
      }
    }
    List<Path> all =
        newestFirst().stream().filter(file -> number(file).orElse(0L) <= update).toList();
    for (Path old : all.subList(Math.min(keep, all.size()), all.size())) {
      remove(old, stays);
    }
    return stays;
  }

  private static void remove(Path file, List<String> stays) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      stays.add(WriteProblems.reason(file, e));
    }
  }

  /**
   * The newest that is whole. Damaged ones are told of and put aside, as {@code .damaged}: they do
   * not count among those to keep.
   */
  Found newest(Terminal terminal) {
    try {
      for (Path file : newestFirst()) {
        try {
          return new Found(file, CheckpointFile.read(file));
        } catch (FormatException | IOException e) {
          terminal.warn(e.getMessage() + ". Taking the one before it");
          // What is whole but cannot be read for the moment stays in its place.
          if (e instanceof FormatException || !Files.isRegularFile(file)) {
            putAside(file);
          }
        }
      }
    } catch (IOException e) {
      throw Failure.running(String.valueOf(e.getMessage()), e);
    }
    throw Failure.input(
        folder
            + " holds no checkpoint that is whole, so there is nothing to go on from. Train anew,"
            + " such as with --config "
            + folder.resolveSibling("run.json"));
  }

  private static void putAside(Path file) {
    try {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + DAMAGED),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // Then it is in the way of a checkpoint to come, which will say so.
    }
  }

  /** The updates of a run's newest checkpoint, whole or not; -1 where there is none. */
  static long newestUpdate(Path run) {
    try {
      return new Checkpoints(run)
          .newestFirst().stream().findFirst().flatMap(Checkpoints::number).orElse(-1L);
    } catch (IOException | UncheckedIOException e) {
      return -1;
    }
  }

  /** Whether there is any, whole or not: a run that was killed in front of the first has none. */
  boolean exist() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(name -> NAME.matcher(name.replace(DAMAGED, "")).matches());
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> number(file).isPresent())
          .sorted(Comparator.comparingLong((Path file) -> number(file).orElse(0L)).reversed())
          .toList();
    }
  }

  private static Optional<Long> number(Path file) {
    return Optional.of(NAME.matcher(file.getFileName().toString()))
        .filter(Matcher::matches)
        .map(name -> Long.parseLong(name.group(1)));
  }

  /** Removes what a process that was killed in the middle of writing left in a folder. */
  static void sweep(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (LEFTOVER.matcher(file.getFileName().toString()).matches()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      // They are in nobody's way: what is written finds another name.
    }
  }
}
