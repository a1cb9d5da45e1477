package dev.lookback.cli.report;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The dependencies of a recurrent network over a few steps, as the chapter "Backpropagation Through
 * Time" of Dive into Deep Learning (Zhang and others 2023, section 9.7.2) draws them: variables as
 * boxes, parameters as shaded boxes, operators as circles.
 *
 * <pre>  h_t = f(x_t, h_{t-1}; W_hx, W_hh),  o_t = g(h_t; W_qh),  L = mean over t of l(o_t, y_t)
 * </pre>
 *
 * <p>A link from h_{t-1} to step t says its xi_t where that is not 1; where it is 0 the link is
 * dashed and struck through: the state still goes over it, the gradient does not come back.
 *
 * <p>The picture is as wide as its steps need, whatever the width asked for.
 *
 * @param steps T, 1 to {@value #MOST_STEPS}
 * @param xi the coupling, {@code [T]}
 * @param values short texts for boxes, by name
 */
public record ComputationalGraph(int steps, float[] xi, Map<String, String> values)
    implements Picture {
  /** More steps than this make no picture anyone reads. */
  public static final int MOST_STEPS = 12;

  /** Checks the sizes and that every value belongs to a box of the picture. */
  public ComputationalGraph {
    if (steps < 1 || steps > MOST_STEPS) {
      throw new IllegalArgumentException("steps is " + steps + " but has to be 1 to " + MOST_STEPS);
    }
    if (xi.length != steps) {
      throw new IllegalArgumentException(
          "xi holds " + xi.length + " numbers but there are " + steps + " steps");
    }
    values = Map.copyOf(values);
    Set<String> names = names(steps);
    for (String name : new TreeSet<>(values.keySet())) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "there is no box \"" + name + "\"; the boxes are " + String.join(", ", names));
      }
    }
  }

  /** A graph without numbers, every link whole. */
  public static ComputationalGraph of(int steps) {
    float[] whole = new float[Math.max(0, steps)];
    Arrays.fill(whole, 1);
    return new ComputationalGraph(steps, whole, Map.of());
  }

  /** This graph with another coupling: {@code xi[t - 1]} stands on the link into step t = 1..T. */
  public ComputationalGraph withXi(float... newXi) {
    return new ComputationalGraph(steps, newXi, values);
  }

  /**
   * This graph with a short text in a box: {@code h_0} to {@code h_T}, {@code x_1}, {@code o_1},
   * {@code y_1} and so on, {@code L}, {@code W_hx}, {@code W_hh}, {@code W_qh}.
   */
  public ComputationalGraph value(String box, String text) {
    Map<String, String> more = new TreeMap<>(values);
    more.put(box, text);
    return new ComputationalGraph(steps, xi, more);
  }

  @Override
  public String svg(int width) {
    return new GraphDrawing(this).svg();
  }

  private static Set<String> names(int steps) {
    Set<String> names = new TreeSet<>(Set.of("h_0", "L", "W_hx", "W_hh", "W_qh"));
    for (int t = 1; t <= steps; t++) {
      names.addAll(Set.of("x_" + t, "h_" + t, "o_" + t, "y_" + t));
    }
    return names;
  }
}
