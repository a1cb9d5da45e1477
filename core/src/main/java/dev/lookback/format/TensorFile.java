package dev.lookback.format;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a safetensors file holds: named tensors and named strings, each in order.
 *
 * @param tensors the tensors; {@code __metadata__} is no name for one
 * @param metadata the strings
 */
public record TensorFile(Map<String, FileTensor> tensors, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /** Copies both maps. */
  public TensorFile {
    if (tensors.containsKey(METADATA)) {
      throw new IllegalArgumentException("no tensor can be called " + METADATA);
    }
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** Tensors without metadata. */
  public static TensorFile of(Map<String, FileTensor> tensors) {
    return new TensorFile(tensors, Map.of());
  }

  /** The same with one more tensor, or another in its place. */
  public TensorFile with(String name, FileTensor tensor) {
    Map<String, FileTensor> more = new LinkedHashMap<>(tensors);
    more.put(name, tensor);
    return new TensorFile(more, metadata);
  }

  /** The same with one more string, or another in its place. */
  public TensorFile with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(metadata);
    more.put(key, value);
    return new TensorFile(tensors, more);
  }

  /** The tensor of that name, if there is one. */
  public Optional<FileTensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /**
   * The tensor of that name, which has to be there and of numbers with a point.
   *
   * @throws FormatException if it is not
   */
  public FileTensor.Floats floats(String name) {
    if (get(name) instanceof FileTensor.Floats floats) {
      return floats;
    }
    throw new FormatException(name + " holds whole numbers but has to be F32 or F64");
  }

  /**
   * The tensor of that name, which has to be there and of whole numbers.
   *
   * @throws FormatException if it is not
   */
  public FileTensor.Ints ints(String name) {
    if (get(name) instanceof FileTensor.Ints ints) {
      return ints;
    }
    throw new FormatException(name + " holds numbers with a point but has to be I32 or I64");
  }

  private FileTensor get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new FormatException(
                    "there is no tensor " + name + "; " + Names.some(tensors.keySet())));
  }
}
