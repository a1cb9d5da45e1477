package dev.lookback.gradient;

/** How the lanes of a window come to their random xi. Each lane's own law is the same in all. */
public enum Drawing {
  /** One draw serves all lanes, which are cut together. */
  SHARED(""),

  /** Each lane draws for itself, independent of the others. */
  PER_LANE(",per-lane"),

  /**
   * Each lane draws for itself, and the lengths of the lanes' n-th segments are spread over all
   * lengths: their uniform numbers lie one in each of B equal strata of [0, 1), which lane in which
   * is drawn. A batch then never has long segments only.
   *
   * <p>Each lane's number is uniform all the same, and those of its segments are independent, so
   * that its law is the schedule's. A gradient is a sum of lanes; its expectation is therefore the
   * same, and the variance of what grows with a segment's length is smaller.
   */
  STRATIFIED(",stratified");

  private final String notation;

  Drawing(String notation) {
    this.notation = notation;
  }

  /** As it ends a coupling's label. */
  String notation() {
    return notation;
  }
}
