package dev.lookback.bench;

import dev.lookback.math.OuterProducts;
import dev.lookback.math.Packing;
import dev.lookback.math.Panels;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import java.util.List;
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

/**
 * The kernels that take the time, on one thread: a product, a weight gradient, the functions. A
 * product of m x k by k x n is 2 m k n operations; microseconds divided into that by 1,000 are
 * GFLOP/s.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@SuppressWarnings("NullAway.Init") // JMH sets the fields up
public class KernelBenchmark {
  /** m x k x n: rows, then the matrix that multiplies them. */
  @Param({"1x64x64", "16x32x32", "32x128x128", "64x256x256", "64x1024x1024"})
  public String shape;

  /** With SIMD, or the scalar definition. */
  @Param({"simd", "scalar"})
  public String kernels;

  private Team team;
  private int m;
  private float[] a;
  private float[] b;
  private float[] c;
  private float[] gradient;
  private Panels panels;
  private OuterProducts products;

  /** Draws the matrices. */
  @Setup
  public void setUp() {
    String[] sizes = shape.split("x", -1);
    m = Integer.parseInt(sizes[0]);
    int k = Integer.parseInt(sizes[1]);
    int n = Integer.parseInt(sizes[2]);
    team = kernels.equals("simd") ? Team.of(1) : Team.scalar(1);
    a = numbers(m * k);
    b = numbers(m * n);
    c = new float[m * n];
    gradient = new float[k * n];
    panels = new Panels(k, n);
    Packing packing = new Packing();
    packing.add(panels, 0, n);
    packing.run(numbers(k * n), team);
    products =
        new OuterProducts(
            new int[] {k}, new int[] {n}, List.of(new OuterProducts.Term(0, 0, 0, n)));
    products.left(0, a, 0);
    products.right(0, b, 0);
  }

  private static float[] numbers(int count) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) Randomness.of(1).gaussian(i);
    }
    return x;
  }

  /** {@code c += a b}. */
  @Benchmark
  public float[] product() {
    team.worker().multiplyAdd(a, 0, m, panels, c, 0);
    return c;
  }

  /** {@code c += a^T b} over m rows. */
  @Benchmark
  public float[] weightGradient() {
    products.addTo(gradient, m, team);
    return gradient;
  }

  /** The two functions of a gate over m x n numbers; their values stay where they began. */
  @Benchmark
  public float[] sigmoidAndTanh() {
    team.worker().sigmoid(b, 0, b.length);
    team.worker().tanh(b, 0, b.length);
    return b;
  }

  /** Lets the threads go. */
  @TearDown
  public void tearDown() {
    team.close();
  }
}
