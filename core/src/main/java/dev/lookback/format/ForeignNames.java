package dev.lookback.format;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Our names for the tensors of other programs' models, where there is one way only to take them.
 *
 * <p>What stands before {@code weight_ih_l0} is the recurrent module, whatever it is called: {@code
 * lstm.}, {@code module.rnn.}, or nothing. Of the modules beside it, one with {@code emb} in its
 * name, or called {@code encoder} or {@code wte}, and without a bias is the embedding; the one that
 * is left is the decoder.
 */
final class ForeignNames {
  private static final Pattern RECURRENT =
      Pattern.compile("(|.*\\.)((?:weight|bias)_(?:ih|hh)_l\\d+|[hc]0_l\\d+)");
  private static final Pattern REVERSE = Pattern.compile(".*_l\\d+_reverse");
  private static final Pattern PROJECTION = Pattern.compile(".*weight_hr_l\\d+");
  private static final String FIRST = "weight_ih_l0";

  private ForeignNames() {}

  /**
   * The same tensors under our names.
   *
   * @param said names to change first, of tensors or of modules
   */
  static TensorFile toOurs(TensorFile file, Map<String, String> said) {
    TensorFile renamed = said.isEmpty() ? file : renamed(file, said);
    // A file of ours needs no guessing, and what is wrong with it has to be told, not mended.
    if (file.metadata().containsKey(CellFile.CELL)) {
      return renamed;
    }
    requireOneWay(renamed);
    return modules(recurrent(renamed));
  }

  private static TensorFile renamed(TensorFile file, Map<String, String> said) {
    Map<String, String> changes = new LinkedHashMap<>();
    said.forEach(
        (theirs, ours) -> {
          boolean found = false;
          for (String name : file.tensors().keySet()) {
            if (name.equals(theirs)) {
              changes.put(name, ours);
              found = true;
            } else if (name.startsWith(theirs + ".")) {
              changes.put(name, ours + name.substring(theirs.length()));
              found = true;
            }
          }
          if (!found) {
            throw new FormatException(
                "has no tensor or module "
                    + Names.brief(theirs)
                    + " to rename; "
                    + Names.some(file.tensors().keySet()));
          }
        });
    return renamedTensors(file, changes);
  }

  private static TensorFile renamedTensors(TensorFile file, Map<String, String> changes) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              String ours = changes.getOrDefault(name, name);
              if (tensors.put(ours, tensor) != null) {
                throw new FormatException(
                    "two of its tensors would be " + Names.brief(ours) + ": rename one only");
              }
            });
    return new TensorFile(tensors, file.metadata());
  }

  private static void requireOneWay(TensorFile file) {
    for (String name : file.tensors().keySet()) {
      if (REVERSE.matcher(name).matches()) {
        throw new FormatException(
            "has "
                + Names.brief(name)
                + ", so it is bidirectional: it needs a sequence's end before its beginning. Only"
                + " networks that go forward can be read");
      } else if (PROJECTION.matcher(name).matches()) {
        throw new FormatException(
            "has "
                + Names.brief(name)
                + ", so it is an LSTM with projections (proj_size), which there is no cell for");
      }
    }
  }

  private static TensorFile recurrent(TensorFile file) {
    Set<String> modules = new LinkedHashSet<>();
    for (String name : file.tensors().keySet()) {
      if (name.equals(FIRST) || name.endsWith("." + FIRST)) {
        modules.add(name.substring(0, name.length() - FIRST.length()));
      }
    }
    if (modules.size() > 1) {
      throw new FormatException(
          "has "
              + modules.size()
              + " recurrent modules, of "
              + Names.list(modules.stream().map(m -> m + FIRST).toList())
              + ", but one is needed, of as many layers as wanted");
    }
    Map<String, String> changes = new LinkedHashMap<>();
    for (String module : modules) {
      for (String name : file.tensors().keySet()) {
        Matcher matcher = RECURRENT.matcher(name);
        if (matcher.matches() && matcher.group(1).equals(module)) {
          changes.put(name, "rnn." + matcher.group(2));
        }
      }
    }
    return renamedTensors(file, changes);
  }

  private static TensorFile modules(TensorFile file) {
    Set<String> others = new LinkedHashSet<>();
    for (String name : file.tensors().keySet()) {
      int dot = name.lastIndexOf('.');
      if (!name.startsWith("rnn.") && dot > 0) {
        others.add(name.substring(0, dot));
      }
    }
    Map<String, String> ours = new LinkedHashMap<>();
    boolean embedded = others.remove("embedding");
    boolean decoded = others.remove("decoder");
    List<String> embeddings = others.stream().filter(m -> isEmbedding(m, file)).toList();
    if (!embedded && embeddings.size() == 1) {
      ours.put(embeddings.get(0), "embedding");
      others.removeAll(embeddings);
    }
    if (!decoded && others.size() == 1) {
      ours.put(others.iterator().next(), "decoder");
    }
    return ours.isEmpty() ? file : renamed(file, ours);
  }

  private static boolean isEmbedding(String module, TensorFile file) {
    String name = module.substring(module.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    boolean called = name.contains("emb") || name.equals("encoder") || name.equals("wte");
    return called && file.find(module + ".bias").isEmpty();
  }
}
