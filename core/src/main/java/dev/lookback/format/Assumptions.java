package dev.lookback.format;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Gru;
import dev.lookback.network.Readout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a model file is taken for where it does not say: other programs' files have the tensors but
 * not our metadata. Immutable.
 *
 * @param metadata what the file's metadata would say; where they do say something else, the file is
 *     refused
 * @param names our names by the file's: of a tensor, such as {@code W.weight} for {@code
 *     decoder.weight}, or of a module, such as {@code W} for {@code decoder}
 */
public record Assumptions(Map<String, String> metadata, Map<String, String> names) {

  /** Copies both. */
  public Assumptions {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
  }

  /** The file says all. */
  public static Assumptions none() {
    return new Assumptions(Map.of(), Map.of());
  }

  /** That its cell is {@code elman}, {@code gru} or {@code lstm}. */
  public Assumptions cell(String label) {
    return with(CellFile.CELL, label);
  }

  /** That its Elman cells have this phi. */
  public Assumptions activation(Activation activation) {
    return with(CellFile.ACTIVATION, activation.label());
  }

  /** That the reset gate of its GRUs stands there. */
  public Assumptions reset(Gru.Reset reset) {
    return with(CellFile.RESET, reset.label());
  }

  /** What its outputs mean, and with that which loss is theirs. */
  public Assumptions outputs(Readout.Kind kind) {
    return with(ModelFile.LOSS, ModelFile.lossOf(kind));
  }

  /** That its ids stand for these symbols. */
  public Assumptions vocabulary(List<String> symbols) {
    return with(ModelFile.VOCABULARY, ModelFile.list(symbols));
  }

  /** That a tensor or a module of it is ours of another name. */
  public Assumptions renaming(String theirs, String ours) {
    Map<String, String> more = new LinkedHashMap<>(names);
    more.put(theirs, ours);
    return new Assumptions(metadata, more);
  }

  private Assumptions with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(metadata);
    more.put(key, value);
    return new Assumptions(more, names);
  }

  /**
   * The file as it would be if it were ours.
   *
   * @throws FormatException if it says something else, or if a name to change is not in it
   */
  TensorFile applyTo(TensorFile file) {
    TensorFile named = ForeignNames.toOurs(file, names);
    for (Map.Entry<String, String> said : metadata.entrySet()) {
      String found = named.metadata().getOrDefault(said.getKey(), said.getValue());
      if (!found.equals(said.getValue())) {
        throw new FormatException(
            String.format(
                Locale.ROOT,
                "its metadata say %s = %s, but %s was said. Leave that out",
                said.getKey(),
                Names.brief(found),
                Names.brief(said.getValue())));
      }
      named = named.with(said.getKey(), said.getValue());
    }
    return named;
  }
}
