package dev.lookback.train;

import dev.lookback.gradient.Origin;
import dev.lookback.gradient.Trace;
import java.util.Locale;
import java.util.Optional;

/** The loss or the gradient is no longer a number. The weights are those before the bad update. */
public final class TrainingDiverged extends RuntimeException {
  private static final long serialVersionUID = 1;

  static final String LOSS = "loss";
  static final String NORM = "the gradient's norm";

  private final transient Incident incident;
  private final transient Optional<Origin> origin;

  TrainingDiverged(Incident incident, String what, double found, Optional<Origin> origin) {
    super(message(incident, what, found, origin));
    this.incident = incident;
    this.origin = origin;
  }

  private static String message(
      Incident incident, String what, double found, Optional<Origin> origin) {
    Incident.Place place = incident.place();
    // Nothing of the window itself: what lies behind it is left, or a loss that is not looked into.
    String elsewhere =
        incident.way().sliding().isPresent()
            ? "in the steps before it that sliding truncation remembers"
            : "in the loss that was given or before it";
    String where = origin.map(Origin::text).orElse(elsewhere);
    String before = Trace.in(incident.weights()).map(bad -> "; before it " + bad).orElse("");
    return String.format(
        Locale.ROOT,
        "%s became %s at update %d (window %d, %s)%s; the last finite gradient norm was %.2g",
        what,
        found,
        place.update(),
        place.window(),
        where,
        before,
        place.lastNorm());
  }

  /** The update that could not be made. */
  public long update() {
    return incident.place().update();
  }

  /** What it takes to come to the same end again. */
  public Incident incident() {
    return incident;
  }

  /**
   * Where the first number arose that is none; empty where that is a step in front of the window
   * that is no longer remembered, or where the loss is one that was given.
   */
  public Optional<Origin> origin() {
    return origin;
  }
}
