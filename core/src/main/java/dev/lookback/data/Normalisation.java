package dev.lookback.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** What is done to a text's characters before they become ids. */
public enum Normalisation {
  /** Nothing: every character counts, line ends included. */
  NONE("none"),

  /**
   * Every run of anything but A-Z and a-z becomes one space, over the whole text, and capitals
   * become small: {@code re.sub('[^A-Za-z]+', ' ', raw).lower()}, as in "Dive into Deep Learning",
   * second edition.
   */
  LETTERS("letters"),

  /**
   * The same line by line, each line stripped of spaces at its ends and joined to the next without
   * any separator, as in the first edition: the last word of a line runs into the first of the
   * next.
   */
  LETTERS_BY_LINE("letters-by-line");

  private final String option;

  Normalisation(String option) {
    this.option = option;
  }

  /** Its name on the command line. */
  public String option() {
    return option;
  }

  /** The one with that name on the command line. */
  public static Normalisation of(String option) {
    return Arrays.stream(values())
        .filter(n -> n.option.equals(option))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no normalisation '" + option + "'; there are " + options()));
  }

  /** All names on the command line. */
  public static List<String> options() {
    return Arrays.stream(values()).map(Normalisation::option).toList();
  }

  /** The whole text at once, for texts that are at hand as a string. */
  public String apply(CharSequence text) {
    StringBuilder normalised = new StringBuilder();
    IntConsumer machine = into(normalised::appendCodePoint);
    text.codePoints().forEach(machine);
    return normalised.toString();
  }

  /**
   * A machine that is given the raw code points one by one and passes on what becomes of them. It
   * holds no more than one pending space, which needs no flushing at the end.
   */
  IntConsumer into(IntConsumer next) {
    return switch (this) {
      case NONE -> next;
      case LETTERS -> new Letters(next);
      case LETTERS_BY_LINE -> new LettersByLine(next);
    };
  }

  private static boolean isLetter(int codePoint) {
    return (codePoint >= 'a' && codePoint <= 'z') || (codePoint >= 'A' && codePoint <= 'Z');
  }

  private static final class Letters implements IntConsumer {
    private final IntConsumer next;
    private boolean inRun;

    Letters(IntConsumer next) {
      this.next = next;
    }

    @Override
    public void accept(int codePoint) {
      if (isLetter(codePoint)) {
        next.accept(codePoint | 0x20);
        inRun = false;
      } else if (!inRun) {
        next.accept(' ');
        inRun = true;
      }
    }
  }

  private static final class LettersByLine implements IntConsumer {
    private final IntConsumer next;
    private boolean lineHasLetter;
    private boolean spacePending;

    LettersByLine(IntConsumer next) {
      this.next = next;
    }

    @Override
    public void accept(int codePoint) {
      if (isLetter(codePoint)) {
        if (spacePending) {
          next.accept(' ');
        }
        next.accept(codePoint | 0x20);
        lineHasLetter = true;
        spacePending = false;
      } else if (codePoint == '\n' || codePoint == '\r') {
        lineHasLetter = false;
        spacePending = false;
      } else {
        spacePending = lineHasLetter;
      }
    }
  }
}
