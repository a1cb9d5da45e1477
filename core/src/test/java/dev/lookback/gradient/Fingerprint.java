package dev.lookback.gradient;

import dev.lookback.cell.Cell;
import dev.lookback.gradient.CellCase.Kind;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.optim.Adam;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.weights.Weights;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Prints what the kernels are, and for every cell a hash of all bits of a window's loss, gradient
 * and states and of the weights after an update.
 */
public final class Fingerprint {
  /** In front of every line that is ours and not the machine's. */
  static final String KERNELS = "kernels: ";

  static final String BITS = "bits: ";

  private Fingerprint() {}

  /** The argument is how often the window is computed; the hash is that of the last time. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws NoSuchAlgorithmException {
    int times = Integer.parseInt(args[0]);
    try (Team team = Team.of(1)) {
      System.out.println(KERNELS + team.describe());
      for (Kind kind : Kind.values()) {
        System.out.println(BITS + kind + " of tokens " + hash(tokens(kind), times, team));
        System.out.println(BITS + kind + " of numbers " + hash(numbers(kind), times, team));
      }
    }
  }

  private static CellCase tokens(Kind kind) {
    Cell below = kind.cell(12, 33).withLearnedState();
    Network network =
        new Network(List.of(below, kind.cell(33, 64)), Readout.softmax(19)).withDropout(0.25);
    CellCase c = CellCase.of(network, 3, 4, true, 1).dropping(Randomness.of(2));
    return c.with(c.window().withReset(c.resets(3)).withWeight(c.sampleWeights(4)));
  }

  private static CellCase numbers(Kind kind) {
    Network network = new Network(List.of(kind.cell(7, 21), kind.cell(21, 8)), Readout.linear(3));
    return CellCase.of(network, 5, 4, false, 5);
  }

  private static String hash(CellCase c, int times, Team team) throws NoSuchAlgorithmException {
    Pass pass = new Pass(c.network(), c.lanes(), 3, team);
    pass.drop(c.dropping());
    Coupled coupled = Coupling.random(3).couple(c.steps(), c.lanes(), Randomness.of(6));
    Weights gradient = Weights.zeros(c.network().layout());
    State byState = State.zeros(c.network(), c.lanes());
    State end = c.state().copy();
    double loss = pass.run(c.weights(), c.window(), coupled, end, gradient, byState).loss();
    for (int i = 1; i < times; i++) {
      end = c.state().copy();
      loss = pass.run(c.weights(), c.window(), coupled, end, gradient, byState).loss();
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(loss).array());
    add(digest, gradient.values());
    add(digest, byState);
    add(digest, end);
    Adam.standard().after(ClipByNorm.of(0.1)).start(gradient.layout()).step(c.weights(), gradient);
    add(digest, c.weights().values());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, State state) {
    for (int l = 0; l < 2; l++) {
      for (float[] plane : state.layer(l)) {
        add(digest, plane);
      }
    }
  }

  private static void add(MessageDigest digest, float[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
    bytes.asFloatBuffer().put(numbers);
    digest.update(bytes.array());
  }
}
