package dev.lookback.cli;

import dev.lookback.weights.Snapshot;
import java.util.Locale;

/**
 * A point of a training's curve.
 *
 * @param training mean loss since the point before
 * @param validation loss on held-out text; NaN where there is none
 */
record CurvePoint(
    long update,
    long epoch,
    long tokens,
    double seconds,
    double training,
    double validation,
    double gradientNorm) {
  void save(Snapshot.Writer to) {
    to.put("update", update).put("epoch", epoch).put("tokens", tokens).put("seconds", seconds);
    to.put("training", training).put("validation", validation).put("norm", gradientNorm);
  }

  static CurvePoint saved(Snapshot from) {
    return new CurvePoint(
        from.whole("update"),
        from.whole("epoch"),
        from.whole("tokens"),
        from.decimal("seconds"),
        from.decimal("training"),
        from.decimal("validation"),
        from.decimal("norm"));
  }

  /** As a line of metrics.csv, with what is not of the curve. */
  String[] cells(double rate, int longestSegment, String truncation) {
    return new String[] {
      Long.toString(update),
      Long.toString(epoch),
      Long.toString(tokens),
      String.format(Locale.ROOT, "%.3f", seconds),
      Double.toString(training),
      Double.isNaN(validation) ? "" : Double.toString(validation),
      Double.toString(gradientNorm),
      Double.toString(rate),
      Integer.toString(longestSegment),
      truncation
    };
  }
}
