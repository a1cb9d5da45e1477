package dev.lookback.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lookback.window.Links;
import dev.lookback.window.Window;
import org.junit.jupiter.api.Test;

/** Every span of a small window, against what its definition says row by row. */
class SpanTest {
  private static final int STEPS = 5;
  private static final int LANES = 3;

  // One row starts afresh, another link is cut: every pair of them.
  @Test
  void resetsAndXiAreThoseOfTheWindowsRows() {
    for (int afresh = 0; afresh < STEPS * LANES; afresh++) {
      boolean[] reset = new boolean[STEPS * LANES];
      reset[afresh] = true;
      float[] xi = new float[STEPS * LANES];
      for (int row = 0; row < xi.length; row++) {
        xi[row] = row % 4 == 1 ? 0 : 1 + row;
      }
      int[] ids = new int[STEPS * LANES];
      Window window = Window.ofTokens(STEPS, LANES, ids, ids).withReset(reset);
      for (int start = 0; start < STEPS; start++) {
        for (int from = 0; start + from < STEPS; from++) {
          for (int to = from + 1; start + to <= STEPS; to++) {
            Span span =
                new Span().steps(start, from, to).of(window, Links.perLane(xi.clone(), LANES));
            requireRows(span, start, reset, xi);
          }
        }
      }
    }
  }

  private static void requireRows(Span span, int start, boolean[] reset, float[] xi) {
    boolean any = false;
    for (int t = span.from(); t < span.to(); t++) {
      for (int b0 = 0; b0 < LANES; b0++) {
        boolean anyOf = false;
        boolean cut = true;
        for (int b = b0; b < LANES; b++) {
          int row = (start + t) * LANES + b;
          float expected = reset[row] ? 0 : xi[row];
          assertThat(span.startsAfresh(t, b, LANES)).isEqualTo(reset[row]);
          assertThat(span.xi(t, b, LANES)).isEqualTo(expected);
          anyOf |= reset[row];
          cut &= expected == 0;
          assertThat(span.hasReset(t, b0, b + 1, LANES)).isEqualTo(anyOf);
          assertThat(span.isCut(t, b0, b + 1, LANES)).isEqualTo(cut);
        }
        any |= anyOf;
      }
    }
    assertThat(span.hasReset(LANES)).isEqualTo(any);
  }

  @Test
  void withoutResetsNothingStartsAfresh() {
    int[] ids = new int[STEPS * LANES];
    Window window = Window.ofTokens(STEPS, LANES, ids, ids);
    Span span = new Span().steps(0, 0, STEPS).of(window, Links.whole(STEPS));
    assertThat(span.hasReset(LANES)).isFalse();
    assertThat(span.hasReset(2, 0, LANES, LANES)).isFalse();
    assertThat(span.startsAfresh(2, 1, LANES)).isFalse();
    assertThat(span.steps()).isEqualTo(STEPS);
  }
}
