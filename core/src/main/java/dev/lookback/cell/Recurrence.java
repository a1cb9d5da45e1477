package dev.lookback.cell;

import dev.lookback.math.Team;
import dev.lookback.weights.Weights;
import java.util.Optional;

/**
 * A layer at work: it holds the weights packed for the kernels and computes blocks of steps.
 *
 * <p>All loops over time of the engine are in its implementations.
 */
public interface Recurrence {

  /** Takes the weights as they are now. Called after every update. */
  void pack(Weights weights, Team team);

  /**
   * Computes the span's steps: reads its inputs and the state before them in {@code tape}, writes
   * the states of the span into {@code tape}.
   */
  void forward(Span span, Tape tape, Team team);

  /**
   * Goes back over the span's steps.
   *
   * <pre>  delta_t = q_t + carry,   carry = xi_t J_t^T delta_t</pre>
   *
   * <p>xi_t stands on the link in front of step t and is 0 where the lane starts afresh.
   *
   * <p>Takes q_t = dL/dh_t through the outputs in {@code adjoint.q()}, and in {@code
   * adjoint.carry()} what the steps behind the span sent back. Leaves there what is sent back over
   * the link in front of the span, xi included; leaves dL/dx_t in {@code dx}, {@code [S, B, D]}
   * with row 0 at the tape's first step, where it is asked for; adds the weights' gradient to
   * {@code gradient}.
   */
  void backward(
      Span span, Tape tape, Adjoint adjoint, Optional<float[]> dx, Weights gradient, Team team);

  /** Ends a way back: adds what reached learned initial states, if there are, to their gradient. */
  default void finish(Adjoint adjoint, int lanes, Weights gradient) {}
}
