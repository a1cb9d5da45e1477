package dev.lookback.bench.peers.libtorch;

import dev.lookback.bench.peers.Cell;
import dev.lookback.bench.peers.Shape;
import org.bytedeco.pytorch.GRUImpl;
import org.bytedeco.pytorch.GRUOptions;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.RNNImpl;
import org.bytedeco.pytorch.RNNOptions;
import org.bytedeco.pytorch.T_TensorT_TensorTensor_T_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** One face for libtorch's three recurrent modules, which share none. */
sealed interface Recurrence {
  /** Layers of a cell. */
  static Recurrence of(Cell cell, Shape shape) {
    return switch (cell) {
      case ELMAN -> new Elman(shape);
      case GRU -> new Gru(shape);
      case LSTM -> new Lstm(shape);
    };
  }

  /** The weights. */
  TensorVector parameters();

  /** The outputs [T, B, H] of the inputs [T, B, V], from a state of zeros. */
  Tensor forward(Tensor x);

  /** The same from where the last call ended, and carries the state on. */
  Tensor carryOn(Tensor x);

  private static Tensor zeros(Shape shape) {
    return torch.zeros(shape.layers(), shape.batch(), shape.hidden());
  }

  /** The module with tanh. */
  final class Elman implements Recurrence {
    private final RNNImpl module;
    private final Tensor h;

    private Elman(Shape shape) {
      RNNOptions options = new RNNOptions(shape.vocabulary(), shape.hidden());
      options.num_layers().put(shape.layers());
      module = new RNNImpl(options);
      h = zeros(shape);
    }

    @Override
    public TensorVector parameters() {
      return module.parameters();
    }

    @Override
    public Tensor forward(Tensor x) {
      return module.forward(x).get0();
    }

    @Override
    public Tensor carryOn(Tensor x) {
      T_TensorTensor_T result = module.forward(x, h);
      h.set_data(result.get1());
      return result.get0();
    }
  }

  /** The module with gates r, z and n. */
  final class Gru implements Recurrence {
    private final GRUImpl module;
    private final Tensor h;

    private Gru(Shape shape) {
      GRUOptions options = new GRUOptions(shape.vocabulary(), shape.hidden());
      options.num_layers().put(shape.layers());
      module = new GRUImpl(options);
      h = zeros(shape);
    }

    @Override
    public TensorVector parameters() {
      return module.parameters();
    }

    @Override
    public Tensor forward(Tensor x) {
      return module.forward(x).get0();
    }

    @Override
    public Tensor carryOn(Tensor x) {
      T_TensorTensor_T result = module.forward(x, h);
      h.set_data(result.get1());
      return result.get0();
    }
  }

  /** The module with two carried tensors. */
  final class Lstm implements Recurrence {
    private final LSTMImpl module;
    private final Tensor h;
    private final Tensor c;

    private Lstm(Shape shape) {
      LSTMOptions options = new LSTMOptions(shape.vocabulary(), shape.hidden());
      options.num_layers().put(shape.layers());
      module = new LSTMImpl(options);
      h = zeros(shape);
      c = zeros(shape);
    }

    @Override
    public TensorVector parameters() {
      return module.parameters();
    }

    @Override
    public Tensor forward(Tensor x) {
      return module.forward(x).get0();
    }

    @Override
    public Tensor carryOn(Tensor x) {
      T_TensorT_TensorTensor_T_T result = module.forward(x, new T_TensorTensor_T(h, c));
      h.set_data(result.get1().get0());
      c.set_data(result.get1().get1());
      return result.get0();
    }
  }
}
