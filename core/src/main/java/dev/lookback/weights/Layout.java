package dev.lookback.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The names, shapes and places of the tensors in one flat array. Immutable. */
public final class Layout {
  private final List<Tensor> tensors;
  private final int size;

  private Layout(List<Tensor> tensors) {
    this.tensors = List.copyOf(tensors);
    this.size = tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
  }

  /** An empty layout to add to. */
  public static Builder builder() {
    return new Builder();
  }

  /** The tensors in the order of the array. */
  public List<Tensor> tensors() {
    return tensors;
  }

  /** How many numbers there are in all. */
  public int size() {
    return size;
  }

  /** The tensor of that name, if there is one. */
  public Optional<Tensor> find(String name) {
    return tensors.stream().filter(t -> t.name().equals(name)).findFirst();
  }

  /** The tensor of that name. */
  public Tensor get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no tensor "
                        + name
                        + "; there are "
                        + tensors.stream().map(Tensor::name).toList()));
  }

  /** Adds tensors one after another. */
  public static final class Builder {
    private final List<Tensor> tensors = new ArrayList<>();
    private int end;

    private Builder() {}

    /** A matrix that multiplies rows of {@code rows} numbers into rows of {@code columns}. */
    public Builder matrix(String name, int rows, int columns) {
      return add(name, rows, columns, false);
    }

    /** A vector of {@code columns} numbers. */
    public Builder vector(String name, int columns) {
      return add(name, 1, columns, true);
    }

    private Builder add(String name, int rows, int columns, boolean vector) {
      if (rows < 1 || columns < 1) {
        throw new IllegalArgumentException(
            name + " would be [" + rows + ", " + columns + "] but needs at least one of each");
      }
      if ((long) end + (long) rows * columns > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            name + " would bring the weights past 2^31 numbers, the most one array can hold");
      }
      tensors.add(new Tensor(name, rows, columns, vector, end));
      end += rows * columns;
      return this;
    }

    /** The finished layout. */
    public Layout build() {
      return new Layout(tensors);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout layout && layout.tensors.equals(tensors);
  }

  @Override
  public int hashCode() {
    return tensors.hashCode();
  }

  @Override
  public String toString() {
    return tensors.toString();
  }
}
