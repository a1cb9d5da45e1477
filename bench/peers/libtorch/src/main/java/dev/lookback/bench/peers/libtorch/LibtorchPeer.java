package dev.lookback.bench.peers.libtorch;

import dev.lookback.bench.peers.Harness;
import dev.lookback.bench.peers.Library;
import dev.lookback.bench.peers.Mode;
import dev.lookback.bench.peers.Options;
import dev.lookback.bench.peers.Self;
import dev.lookback.bench.peers.Shape;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** libtorch, driven as its own examples drive it. */
final class LibtorchPeer implements Library {
  private static final double RATE = 0.1;

  public static void main(String... words) {
    Harness.run(new LibtorchPeer(), words);
  }

  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public String version() {
    return Self.version("org.bytedeco", "pytorch");
  }

  @Override
  public String backend() {
    return Self.maps("libmkl_") ? "mkl" : "openblas";
  }

  @Override
  public DoubleSupplier prepare(Options options) {
    // libtorch's own call does not reach the threads of JavaCPP's OpenBLAS.
    openblas_nolapack.blas_set_num_threads(options.threads());
    torch.set_num_threads(options.threads());
    torch.manual_seed(1);
    return options.mode() == Mode.TRAIN ? training(options) : stepping(options);
  }

  @SuppressWarnings("try") // the scope frees what is made in it
  private static DoubleSupplier training(Options options) {
    Shape shape = options.shape();
    long rows = (long) shape.steps() * shape.batch();
    Recurrence recurrence = Recurrence.of(options.cell(), shape);
    LinearImpl decoder = new LinearImpl(shape.hidden(), shape.vocabulary());
    TensorVector parameters = new TensorVector();
    append(recurrence.parameters(), parameters);
    append(decoder.parameters(), parameters);
    SGD descent = new SGD(parameters, new SGDOptions(RATE));
    Tensor inputs = oneHot(shape.steps(), shape);
    Tensor targets = tokens(shape.vocabulary(), rows);
    return () -> {
      try (PointerScope scope = new PointerScope()) {
        descent.zero_grad();
        Tensor hidden = recurrence.forward(inputs).reshape(rows, shape.hidden());
        Tensor loss = torch.cross_entropy(decoder.forward(hidden), targets);
        loss.backward();
        descent.step();
        return loss.item_double();
      }
    };
  }

  @SuppressWarnings("try") // the scope frees what is made in it
  private static DoubleSupplier stepping(Options options) {
    // On for the thread's life: quicker by a quarter than only leaving out the gradients.
    new InferenceMode();
    // oneDNN's LSTM prepares its weights at every call, which takes longer than a single step.
    torch.globalContext().setUserEnabledMkldnn(false);
    Shape shape = options.shape();
    Recurrence recurrence = Recurrence.of(options.cell(), shape);
    LinearImpl decoder = new LinearImpl(shape.hidden(), shape.vocabulary());
    Tensor input = oneHot(1, shape);
    return () -> {
      try (PointerScope scope = new PointerScope()) {
        decoder.forward(recurrence.carryOn(input));
        return Double.NaN;
      }
    };
  }

  private static void append(TensorVector some, TensorVector all) {
    for (long i = 0; i < some.size(); i++) {
      all.push_back(some.get(i));
    }
  }

  /** Random rows [T, B, V]. */
  private static Tensor oneHot(int steps, Shape shape) {
    return torch
        .one_hot(tokens(shape.vocabulary(), steps, shape.batch()), shape.vocabulary())
        .to(ScalarType.Float);
  }

  private static Tensor tokens(int vocabulary, long... sizes) {
    return torch.randint(
        vocabulary, sizes, new TensorOptions().dtype(new ScalarTypeOptional(ScalarType.Long)));
  }
}
