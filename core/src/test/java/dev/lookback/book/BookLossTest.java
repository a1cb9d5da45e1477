package dev.lookback.book;

import static dev.lookback.book.Cases.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BookLossTest {

  @Test
  void crossEntropyOfEqualLogitsIsTheLogarithmOfTheirNumber() {
    BookLoss loss = BookLoss.classes(2);
    double[] o = {1, 1, 1, 1};
    assertThat(loss.value(0, 0, o)).isCloseTo(Math.log(4), within(1e-15));
    assertThat(loss.derivative(0, 0, o)).containsExactly(0.25, 0.25, -0.75, 0.25);
  }

  @Test
  void crossEntropyOfLargeLogitsDoesNotOverflow() {
    BookLoss loss = BookLoss.classes(1);
    double[] o = {1000, 998};
    assertThat(loss.value(0, 0, o)).isCloseTo(2 + Math.log1p(Math.exp(-2)), within(1e-12));
    assertThat(loss.derivative(0, 0, o)[0]).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-12));
  }

  @Test
  void everyDerivativeEqualsDifferences() {
    Cases cases = new Cases(3);
    for (boolean classes : new boolean[] {true, false}) {
      BookLoss loss = cases.loss(classes, 2, 2, 4);
      BookLoss weighted = new BookLoss.Weighted(loss, cases.matrix(2, 2));
      double[] o = cases.row(4);
      for (BookLoss l : new BookLoss[] {loss, weighted}) {
        double[] differences = Differences.gradient(at -> l.value(1, 0, at), o);
        assertThat(distance(l.derivative(1, 0, o), differences)).isLessThan(1e-11);
      }
    }
  }

  @Test
  void halfSquaredErrorIsSummedOverTheOutputs() {
    BookLoss loss = BookLoss.values(new double[] {1, 2}, new double[] {0, 0});
    assertThat(loss.value(1, 0, new double[] {3, 4})).isEqualTo(12.5);
    assertThat(loss.derivative(0, 0, new double[] {3, 4})).containsExactly(2, 2);
  }
}
