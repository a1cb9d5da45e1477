package dev.lookback.format;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Our names for the tensors of other programs' models, where there is one way only to take them.
 *
 * <p>What stands before {@code weight_ih_l0} is the recurrent module, whatever it is called: {@code
 * lstm.}, {@code module.rnn.}, or nothing (see {@link RecurrentNames}). Of the modules beside it,
 * one with {@code emb} in its name, or called {@code encoder} or {@code wte}, and without a bias is
 * the embedding; the one that is left is the decoder. A matrix that both share is stored once, and
 * becomes two parameters.
 */
final class ForeignNames {
  private static final String EMBEDDING = "embedding.weight";
  private static final String DECODER = "decoder.weight";

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
    TensorFile whole = RecurrentNames.withoutRaw(renamed);
    return untied(modules(renamedTensors(whole, RecurrentNames.ours(whole))));
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

  // A matrix that is the embedding and the decoder in one is stored once.
  private static TensorFile untied(TensorFile file) {
    int[] inputs = shape(file, "rnn.weight_ih_l0");
    int[] embedding = shape(file, EMBEDDING);
    int[] decoder = shape(file, DECODER);
    int[] top = shape(file, "rnn.weight_hh_l0");
    for (int l = 1; file.find("rnn.weight_hh_l" + l).isPresent(); l++) {
      top = shape(file, "rnn.weight_hh_l" + l);
    }
    if (inputs.length != 2 || top.length != 2) {
      return file;
    }
    if (decoder.length == 0 && embedding.length == 2 && embedding[1] == top[1]) {
      return twice(file, EMBEDDING, DECODER);
    }
    boolean narrow = decoder.length == 2 && inputs[1] == decoder[1] && inputs[1] != decoder[0];
    return embedding.length == 0 && narrow ? twice(file, DECODER, EMBEDDING) : file;
  }

  private static int[] shape(TensorFile file, String name) {
    return file.find(name).map(FileTensor::shape).orElse(new int[0]);
  }

  private static TensorFile twice(TensorFile file, String from, String to) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>(file.tensors());
    tensors.put(to, file.find(from).orElseThrow());
    return new TensorFile(tensors, file.metadata());
  }

  private static boolean isEmbedding(String module, TensorFile file) {
    String name = module.substring(module.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    boolean called = name.contains("emb") || name.equals("encoder") || name.equals("wte");
    return called && file.find(module + ".bias").isEmpty();
  }
}
