package dev.lookback.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Which symbols of a vocabulary do not occur in some tokens, so that nothing is learned of them.
 */
public final class Unseen {
  private static final int CHUNK = 1 << 16;

  private Unseen() {}

  /** Those characters in the order of their ids. One reading. */
  public static List<String> of(Vocabulary vocabulary, Tokens tokens) {
    boolean[] seen = new boolean[vocabulary.size()];
    int missing = 0;
    for (int id = 0; id < seen.length; id++) {
      seen[id] = !vocabulary.isCharacter(id);
      missing += seen[id] ? 0 : 1;
    }
    int[] ids = new int[CHUNK];
    for (long at = 0; at < tokens.length() && missing > 0; ) {
      int count = tokens.read(at, ids, 0, CHUNK);
      for (int i = 0; i < count; i++) {
        if (!seen[ids[i]]) {
          seen[ids[i]] = true;
          missing--;
        }
      }
      at += count;
    }
    List<String> unseen = new ArrayList<>();
    for (int id = 0; id < seen.length; id++) {
      if (!seen[id]) {
        unseen.add(vocabulary.symbol(id));
      }
    }
    return unseen;
  }
}
