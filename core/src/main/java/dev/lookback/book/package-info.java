/**
 * Backpropagation through time as the equations are written: double precision, plain loops, one
 * method for each equation. Slow on purpose. The engine is tested against it, and it is what {@code
 * explain} prints.
 *
 * <p>The letters, here and in the mathematics of every other room:
 *
 * <pre>
 *   T B D H O    steps, lanes, inputs, hidden units, outputs
 *   x h o y      input, hidden state, output, target;  h0 is the state that enters the first step
 *   w            all weights at once;  p how many
 *   W_xh W_hh W_hq b_h b_q   weights of a layer that takes rows:     h_t = phi(x_t W_xh + h_{t-1} W_hh + b_h)
 *   W_hx W_hh W_qh           weights of one that takes columns:      h_t = W_hx x_t + W_hh h_{t-1}
 *   i f g o c    gates of an LSTM and its cell state;  h and c are handed on as a pair
 *   r z n        gates of a GRU
 *   G E V        gates of a cell, width of an embedding, size of the vocabulary
 *   l L          loss of one step of one lane, loss of the window
 *   q_t          dL/dh_t through the output of step t alone
 *   delta_t      dL/dh_t in all
 *   J_t          dh_t/dh_{t-1}, the Jacobian of a step
 *   I_t          dh_t/dw with h_{t-1} held, the immediate influence;  M_t = dh_t/dw in all
 *   a_t b_t c_t  the scalar recursion a_t = b_t + c_t a_{t-1} in which the chapter develops dh_t/dw
 *   xi_t pi_t    factor on the link between step t - 1 and step t;  probability that it is not 0
 *   tau          how many steps back credit goes
 * </pre>
 *
 * <p>Equations count steps from 1, as papers do; arrays from 0, so that {@code xi[0]} is the link
 * into the state that enters the window. Arrays are time-major, {@code [T][B][D]}, and belong to
 * whoever made them: nothing is copied in or out.
 *
 * <p><b>Source.</b> Zhang, Lipton, Li, Smola, "Dive into Deep Learning", section "Backpropagation
 * Through Time".
 */
@NullMarked
package dev.lookback.book;

import org.jspecify.annotations.NullMarked;
