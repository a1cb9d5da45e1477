package dev.lookback.bench;

import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.StreamPredictor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A step of a stream as a service takes it: alone, and 32 streams at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@SuppressWarnings("NullAway.Init") // JMH sets the fields up
public class StepBenchmark {
  private static final int VOCABULARY = 64;
  private static final int STREAMS = 32;

  /** The cell. */
  @Param({"elman", "gru", "lstm"})
  public String cell;

  /** H. */
  @Param({"32", "128", "512"})
  public int hidden;

  private StreamPredictor<Integer> predictor;
  private List<Integer> streams;
  private int[] tokens;
  private float[] outputs;

  /** Draws a network. */
  @Setup
  public void setUp() {
    Network network = Network.of(cell(), Readout.softmax(VOCABULARY));
    predictor = StreamPredictor.of(network, network.initialize(Initialization.uniform(), 1));
    streams = IntStream.range(0, STREAMS).boxed().toList();
    tokens = IntStream.range(0, STREAMS).toArray();
    outputs = new float[STREAMS * VOCABULARY];
  }

  private Cell cell() {
    return switch (cell) {
      case "lstm" -> Lstm.of(VOCABULARY, hidden);
      case "gru" -> Gru.of(VOCABULARY, hidden);
      default -> Elman.of(VOCABULARY, hidden);
    };
  }

  /** One stream. */
  @Benchmark
  public float[] one() {
    predictor.step(0, 1, outputs);
    return outputs;
  }

  /** Many streams. */
  @Benchmark
  public float[] all() {
    predictor.stepAll(streams, tokens, outputs);
    return outputs;
  }
}
