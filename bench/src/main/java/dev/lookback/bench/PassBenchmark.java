package dev.lookback.bench;

import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.gradient.Pass;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One window forward and back: what an update costs before the optimiser. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@SuppressWarnings("NullAway.Init") // JMH sets the fields up
public class PassBenchmark {
  private static final int VOCABULARY = 64;
  private static final int LANES = 32;
  private static final int STEPS = 64;

  /** The cell. */
  @Param({"elman", "gru", "lstm"})
  public String cell;

  /** H. */
  @Param({"32", "128", "512"})
  public int hidden;

  /** How credit goes back. */
  @Param({"full", "fixed:8", "random:8"})
  public String coupling;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private Team team;
  private Pass pass;
  private Weights weights;
  private Weights gradient;
  private Window window;
  private Coupled coupled;
  private dev.lookback.network.State state;

  /** Draws a network and a window. */
  @Setup
  public void setUp() {
    Network network = Network.of(cell(), Readout.softmax(VOCABULARY));
    team = Team.of(threads);
    pass = new Pass(network, LANES, team);
    weights = network.initialize(Initialization.orthogonal(), 1);
    gradient = Weights.zeros(network.layout());
    state = dev.lookback.network.State.zeros(network, LANES);
    Randomness randomness = Randomness.of(1);
    int[] ids = new int[STEPS * LANES];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = randomness.below(VOCABULARY, i);
    }
    window = Window.ofTokens(STEPS, LANES, ids, ids);
    coupled = CouplingNotation.parse(coupling).couple(STEPS, LANES, randomness);
  }

  private Cell cell() {
    return switch (cell) {
      case "lstm" -> Lstm.of(VOCABULARY, hidden);
      case "gru" -> Gru.of(VOCABULARY, hidden);
      default -> Elman.of(VOCABULARY, hidden);
    };
  }

  /** The gradient of a window. */
  @Benchmark
  public double pass() {
    return pass.run(weights, window, coupled, state, gradient).loss();
  }

  /** Lets the threads go. */
  @TearDown
  public void tearDown() {
    team.close();
  }
}
