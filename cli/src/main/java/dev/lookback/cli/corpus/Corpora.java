package dev.lookback.cli.corpus;

import dev.lookback.cli.words.Closest;
import dev.lookback.data.DataException;
import dev.lookback.data.TextSource;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the text that an argument means: {@code -} for standard input, the name of a built-in
 * corpus, or a file or folder. A file with the name of a built-in corpus is meant by {@code
 * ./NAME}.
 *
 * <p>{@code sources} is packed with the program. {@code time-machine} and {@code tiny-shakespeare}
 * are looked up as {@code NAME.txt} in {@code --data-dir}, then {@code LOOKBACK_DATA}, then the
 * cache; only {@code time-machine} is downloaded, once, where none of them has it. A file in a
 * folder that the user named is taken as it is; one in the cache has to have the right checksum.
 *
 * @param places where files are looked up
 * @param timeMachine what is downloaded
 */
public record Corpora(Places places, Remote timeMachine) {
  /** The corpus that is used where none is named. */
  public static final String DEFAULT = PackedSources.NAME;

  /** What stands for standard input. */
  public static final String STANDARD_INPUT = "-";

  private static final String TIME_MACHINE = "time-machine";
  private static final String TINY_SHAKESPEARE = "tiny-shakespeare";
  private static final List<String> NAMES = List.of(DEFAULT, TIME_MACHINE, TINY_SHAKESPEARE);

  /** The corpora of this machine. */
  public static Corpora here(Optional<Path> dataDir) {
    return new Corpora(Places.here(dataDir), Remote.timeMachine());
  }

  /** The names of the built-in corpora. */
  public static List<String> names() {
    return NAMES;
  }

  /** The text that {@code argument} means. */
  public TextSource resolve(String argument, InputStream standardInput) {
    return switch (argument) {
      case STANDARD_INPUT -> TextSource.stream("standard input", standardInput);
      case DEFAULT -> PackedSources.own();
      case TIME_MACHINE -> {
        Optional<Path> named = inNamedFolders(timeMachine.fileName());
        yield of(TIME_MACHINE, named.orElseGet(() -> Download.fetch(timeMachine, places.cache())));
      }
      case TINY_SHAKESPEARE -> of(TINY_SHAKESPEARE, tinyShakespeare());
      default -> path(argument);
    };
  }

  private static TextSource of(String name, Path file) {
    return new TextSource(name, TextSource.file(file).parts(), List.of());
  }

  private Path tinyShakespeare() {
    String fileName = TINY_SHAKESPEARE + ".txt";
    Path cached = places.cache().resolve(fileName);
    return inNamedFolders(fileName)
        .or(() -> Optional.of(cached).filter(Files::isRegularFile))
        .orElseThrow(
            () ->
                new DataException(
                    TINY_SHAKESPEARE
                        + ": "
                        + fileName
                        + " is not on this machine and is not downloaded. Get it (input.txt of"
                        + " char-rnn's tinyshakespeare). "
                        + howToPass(fileName)));
  }

  private Optional<Path> inNamedFolders(String fileName) {
    places.dataDir().ifPresent(folder -> requireFolder("--data-dir", folder));
    places.dataVariable().ifPresent(folder -> requireFolder(Places.VARIABLE, folder));
    return places.named().stream()
        .map(folder -> folder.resolve(fileName))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static void requireFolder(String from, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          from
              + " is "
              + folder
              + ", which is "
              + (Files.exists(folder) ? "not a folder" : "not there")
              + ". Pass an existing folder.");
    }
  }

  private static TextSource path(String argument) {
    Path path;
    try {
      path = Path.of(argument);
    } catch (InvalidPathException e) {
      throw unknown(argument, e);
    }
    if (argument.isEmpty() || !Files.exists(path)) {
      throw unknown(argument, new IllegalArgumentException(argument));
    }
    return TextSource.of(path, new OwnOutputs());
  }

  private static DataException unknown(String argument, Exception cause) {
    String near = Closest.to(argument, NAMES).map(name -> " Did you mean " + name + "?").orElse("");
    return new DataException(
        "'"
            + argument
            + "' is neither a file nor a folder nor a built-in corpus."
            + near
            + lookedFor(argument)
            + " Built in are "
            + String.join(", ", NAMES)
            + "; - reads standard input."
            + lost(argument),
        cause);
  }

  // Whoever goes on with a run may be in another folder than the one it was begun in.
  private static String lookedFor(String argument) {
    try {
      Path path = Path.of(argument);
      boolean whole = path.isAbsolute() || argument.isEmpty();
      return whole ? "" : " It was looked for in " + Path.of("").toAbsolutePath() + ".";
    } catch (InvalidPathException e) {
      return "";
    }
  }

  // What Java makes of bytes that its encoding for names does not know.
  private static String lost(String argument) {
    String encoding = System.getProperty("sun.jnu.encoding", "");
    boolean unknown = !encoding.isEmpty() && !encodes(encoding, argument);
    return argument.indexOf('\ufffd') < 0 && !unknown
        ? ""
        : " The name has characters that are not in the encoding of file names, "
            + encoding
            + ", so the file cannot be found by it: rename it, "
            + (encoding.equals("UTF-8") ? "" : "start under LC_ALL=C.UTF-8, ")
            + "or pass the folder that it is in.";
  }

  private static boolean encodes(String encoding, String argument) {
    try {
      return Charset.forName(encoding).newEncoder().canEncode(argument);
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  static String howToPass(String fileName) {
    return "Pass a file with --data FILE, or put "
        + fileName
        + " into a folder and name it with --data-dir DIR or "
        + Places.VARIABLE
        + "=DIR.";
  }
}
