package dev.lookback.bench.peers.dl4j;

import dev.lookback.bench.peers.Cell;
import dev.lookback.bench.peers.Harness;
import dev.lookback.bench.peers.Library;
import dev.lookback.bench.peers.Mode;
import dev.lookback.bench.peers.Options;
import dev.lookback.bench.peers.Self;
import dev.lookback.bench.peers.Shape;
import dev.lookback.bench.peers.Unsupported;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Deeplearning4j, driven as its own examples drive it. */
final class Dl4jPeer implements Library {
  private static final double RATE = 0.1;

  public static void main(String... words) {
    Harness.run(new Dl4jPeer(), words);
  }

  @Override
  public String name() {
    return "dl4j";
  }

  @Override
  public String version() {
    return Self.version("org.deeplearning4j", "deeplearning4j-nn");
  }

  @Override
  public String backend() {
    if (Self.maps("linux-x86_64-avx512/libnd4jcpu")) {
      return "avx512";
    }
    return Self.maps("linux-x86_64-avx2/libnd4jcpu") ? "avx2" : "generic";
  }

  @Override
  public DoubleSupplier prepare(Options options) {
    if (options.cell() == Cell.GRU) {
      throw new Unsupported("dl4j: Deeplearning4j " + version() + " has no GRU layer");
    }
    String threads = System.getenv("OMP_NUM_THREADS");
    if (!Integer.toString(options.threads()).equals(threads)) {
      throw new IllegalArgumentException(
          "the library takes its threads from OMP_NUM_THREADS, which is "
              + threads
              + " where --threads is "
              + options.threads()
              + "; start it with bench/peers/peer, which sets both");
    }
    MultiLayerNetwork network = network(options.cell(), options.shape());
    Random random = new Random(1);
    return options.mode() == Mode.TRAIN
        ? training(network, options.shape(), random)
        : stepping(network, options.shape(), random);
  }

  // The library's loss and gradient are sums over T, means over B.
  private static DoubleSupplier training(MultiLayerNetwork network, Shape shape, Random random) {
    INDArray inputs = oneHot(shape, shape.steps(), random);
    DataSet window = new DataSet(inputs, oneHot(shape, shape.steps(), random));
    return () -> {
      network.fit(window);
      return network.score() / shape.steps();
    };
  }

  private static DoubleSupplier stepping(MultiLayerNetwork network, Shape shape, Random random) {
    INDArray input = oneHot(shape, 1, random);
    return () -> {
      network.rnnTimeStep(input);
      return Double.NaN;
    };
  }

  private static MultiLayerNetwork network(Cell cell, Shape shape) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(RATE / shape.steps())).list();
    for (int i = 0; i < shape.layers(); i++) {
      layers.layer(layer(cell, i == 0 ? shape.vocabulary() : shape.hidden(), shape.hidden()));
    }
    layers.layer(
        new RnnOutputLayer.Builder(LossFunction.MCXENT)
            .activation(Activation.SOFTMAX)
            .nIn(shape.hidden())
            .nOut(shape.vocabulary())
            .build());
    MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
    network.init();
    return network;
  }

  private static Layer layer(Cell cell, int in, int out) {
    return cell == Cell.LSTM
        ? new LSTM.Builder().nIn(in).nOut(out).activation(Activation.TANH).build()
        : new SimpleRnn.Builder().nIn(in).nOut(out).activation(Activation.TANH).build();
  }

  /** Random rows in the library's own order [B, V, T]. */
  private static INDArray oneHot(Shape shape, int steps, Random random) {
    INDArray rows = Nd4j.zeros(new int[] {shape.batch(), shape.vocabulary(), steps}, 'f');
    for (int b = 0; b < shape.batch(); b++) {
      for (int t = 0; t < steps; t++) {
        rows.putScalar(new int[] {b, random.nextInt(shape.vocabulary()), t}, 1);
      }
    }
    return rows;
  }
}
