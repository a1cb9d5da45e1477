package dev.lookback.weights;

import dev.lookback.message.Visible;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What something under way remembers, to go on from: named arrays and named words, each with its
 * bits. An immutable value; arrays are copied in and out.
 *
 * <p>Names are unique, and those of a part begin with the part's own and a point: {@link
 * Writer#under} writes and {@link #under} reads them without knowing what they are a part of.
 *
 * <p>Reading what is not there, or is not what is asked for, throws an {@link
 * IllegalArgumentException} that names it.
 */
public final class Snapshot {
  private static final int MOST_SHOWN = 100;

  private final Map<String, float[]> floats;
  private final Map<String, int[]> ints;
  private final Map<String, String> words;
  private final String prefix;

  private Snapshot(
      Map<String, float[]> floats,
      Map<String, int[]> ints,
      Map<String, String> words,
      String prefix) {
    this.floats = floats;
    this.ints = ints;
    this.words = words;
    this.prefix = prefix;
  }

  /** Begins an empty one. */
  public static Writer writer() {
    return new Writer(
        new Snapshot(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), ""));
  }

  /** The names of the arrays of numbers with a point, in the order in which they were put. */
  public Set<String> floatNames() {
    return Collections.unmodifiableSet(floats.keySet());
  }

  /** The names of the arrays of whole numbers. */
  public Set<String> intNames() {
    return Collections.unmodifiableSet(ints.keySet());
  }

  /** The names of the words. */
  public Set<String> wordNames() {
    return Collections.unmodifiableSet(words.keySet());
  }

  /** The part of a name: {@code under("a").word("b")} is {@code word("a.b")}. */
  public Snapshot under(String part) {
    return new Snapshot(floats, ints, words, prefix + part + ".");
  }

  /** Whether there is something of that name. */
  public boolean has(String name) {
    String full = prefix + name;
    return floats.containsKey(full) || ints.containsKey(full) || words.containsKey(full);
  }

  /** A copy of an array. */
  public float[] floats(String name) {
    return found(floats, name, "numbers").clone();
  }

  /** Copies an array into one that has to be as long. */
  public void copy(String name, float[] to) {
    float[] from = found(floats, name, "numbers");
    requireLength(name, from.length, to.length);
    System.arraycopy(from, 0, to, 0, to.length);
  }

  /** Copies an array into the first numbers of a longer one. */
  public void copyFirst(String name, int count, float[] to) {
    float[] from = found(floats, name, "numbers");
    requireLength(name, from.length, count);
    System.arraycopy(from, 0, to, 0, count);
  }

  /** A copy of an array of whole numbers. */
  public int[] ints(String name) {
    return found(ints, name, "whole numbers").clone();
  }

  /** A word. */
  public String word(String name) {
    return found(words, name, "a word");
  }

  /** A whole number that was put as a word. */
  public long whole(String name) {
    String word = word(name);
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      throw unfit(name, word, "a whole number", e);
    }
  }

  /** A whole number from {@code least} to {@code most}. */
  public long whole(String name, long least, long most) {
    long value = whole(name);
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          prefix + name + " is " + value + " but has to be from " + least + " to " + most);
    }
    return value;
  }

  /** A number of things: 0 or more, and no more than an array can hold. */
  public int count(String name) {
    return (int) whole(name, 0, Integer.MAX_VALUE);
  }

  /** A number with a point that was put as a word, with the bits that it had. */
  public double decimal(String name) {
    String word = word(name);
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw unfit(name, word, "a number", e);
    }
  }

  /** Whether something holds, put as a word. */
  public boolean truth(String name) {
    String word = word(name);
    if (!word.equals("true") && !word.equals("false")) {
      throw unfit(name, word, "true or false", new IllegalArgumentException(word));
    }
    return word.equals("true");
  }

  private <T> T found(Map<String, T> map, String name, String what) {
    return Optional.ofNullable(map.get(prefix + name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no "
                        + brief(prefix + name)
                        + " that is "
                        + what
                        + " in what was saved"));
  }

  private void requireLength(String name, int found, int needed) {
    if (found != needed) {
      throw new IllegalArgumentException(
          prefix + name + " holds " + found + " numbers but " + needed + " are needed");
    }
  }

  private IllegalArgumentException unfit(
      String name, String word, String needed, IllegalArgumentException cause) {
    return new IllegalArgumentException(
        prefix + name + " is \"" + brief(word) + "\" but has to be " + needed, cause);
  }

  /** A word as messages say it: cut where it is endless, without what disturbs a terminal. */
  private static String brief(String word) {
    return Visible.brief(word, MOST_SHOWN);
  }

  /** Puts a snapshot together, name by name. */
  public static final class Writer {
    private final Snapshot into;

    private Writer(Snapshot into) {
      this.into = into;
    }

    /** Writes the part of a name into the same snapshot. */
    public Writer under(String part) {
      return new Writer(into.under(part));
    }

    /** Puts a copy of an array. */
    public Writer put(String name, float[] values) {
      into.floats.put(fresh(name), values.clone());
      return this;
    }

    /** Puts a copy of an array of whole numbers. */
    public Writer put(String name, int[] values) {
      into.ints.put(fresh(name), values.clone());
      return this;
    }

    /** Puts a word. */
    public Writer put(String name, String word) {
      into.words.put(fresh(name), word);
      return this;
    }

    /** Puts a whole number as a word. */
    public Writer put(String name, long value) {
      return put(name, Long.toString(value));
    }

    /** Puts a number as the word that gives its bits back; every NaN comes back as the same one. */
    public Writer put(String name, double value) {
      return put(name, Double.toString(value));
    }

    /** Puts whether something holds, as a word. */
    public Writer put(String name, boolean value) {
      return put(name, Boolean.toString(value));
    }

    /** Everything put so far. */
    public Snapshot done() {
      return new Snapshot(
          new LinkedHashMap<>(into.floats),
          new LinkedHashMap<>(into.ints),
          new LinkedHashMap<>(into.words),
          "");
    }

    private String fresh(String name) {
      if (into.has(name)) {
        throw new IllegalArgumentException(into.prefix + name + " is there already");
      }
      return into.prefix + name;
    }
  }
}
