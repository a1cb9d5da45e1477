package dev.lookback.gradient;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * Where in a window the first number arose that is none.
 *
 * @param forward whether on the way forward, else on the way back
 * @param quantity what it is, such as "forget gate f", or of what it is the gradient
 * @param layer its layer; empty for outputs, loss and what belongs to the whole network
 * @param step the window's step, counted from 0; negative for a step in front of the window that
 *     sliding truncation remembers
 * @param lastStep the same, or the last of those of which the sum is meant
 * @param stream the lane, counted from 0; empty where it is summed over all of them
 * @param value NaN or an infinity
 */
public record Origin(
    boolean forward,
    String quantity,
    OptionalInt layer,
    int step,
    int lastStep,
    OptionalInt stream,
    float value) {

  /** As messages have it: {@code step 17, layer 0, stream 3: hidden state h is Infinity}. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(step == lastStep ? "step " + step : "steps " + step + " to " + lastStep);
    layer.ifPresent(l -> text.append(", layer ").append(l));
    stream.ifPresent(b -> text.append(", stream ").append(b));
    String what = forward ? quantity : "the gradient of " + quantity;
    return text.append(String.format(Locale.ROOT, ": %s is %s", what, value)).toString();
  }
}
