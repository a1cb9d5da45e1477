package dev.lookback.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {

  @ParameterizedTest
  @ValueSource(doubles = {0.1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1.0 / 3, 1e23})
  void doublesComeBackWithTheirBits(double value) {
    double read = Snapshot.writer().put("x", value).done().decimal("x");
    assertThat(Double.doubleToRawLongBits(read)).isEqualTo(Double.doubleToRawLongBits(value));
  }

  @Test
  void whatIsNoNumberComesBackToo() {
    Snapshot saved =
        Snapshot.writer().put("nan", Double.NaN).put("far", Double.NEGATIVE_INFINITY).done();
    assertThat(saved.decimal("nan")).isNaN();
    assertThat(saved.decimal("far")).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void nothingChangesItOnceItIsTaken() {
    float[] values = {1, 2};
    Snapshot.Writer writer = Snapshot.writer().put("w", values);
    Snapshot saved = writer.done();
    values[0] = 9;
    saved.floats("w")[1] = 9;
    writer.put("later", true);
    assertThat(saved.floats("w")).containsExactly(1, 2);
    assertThat(saved.has("later")).isFalse();
    assertThat(writer.done().truth("later")).isTrue();
  }

  @Test
  void partsAreNamesWithAPoint() {
    Snapshot.Writer writer = Snapshot.writer();
    writer.under("pass").under("3").put("steps", 4);
    Snapshot saved = writer.done();
    assertThat(saved.whole("pass.3.steps")).isEqualTo(4);
    assertThat(saved.under("pass").under("3").count("steps")).isEqualTo(4);
    assertThat(saved.wordNames()).containsExactly("pass.3.steps");
    assertThatThrownBy(() -> writer.put("pass.3.steps", new float[1]))
        .hasMessage("pass.3.steps is there already");
  }

  @Test
  void whatDoesNotFitIsNamed() {
    Snapshot saved =
        Snapshot.writer().put("w", new float[3]).put("n", -4).put("t", "perhaps").done();
    assertThatThrownBy(() -> saved.ints("w"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no w that is whole numbers in what was saved");
    assertThatThrownBy(() -> saved.copy("w", new float[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("w holds 3 numbers but 4 are needed");
    assertThatThrownBy(() -> saved.copyFirst("w", 2, new float[9]))
        .hasMessage("w holds 3 numbers but 2 are needed");
    assertThatThrownBy(() -> saved.count("n"))
        .hasMessage("n is -4 but has to be from 0 to " + Integer.MAX_VALUE);
    assertThatThrownBy(() -> saved.whole("t"))
        .hasMessage("t is \"perhaps\" but has to be a whole number");
    assertThatThrownBy(() -> saved.decimal("t")).hasMessageEndingWith("has to be a number");
    assertThatThrownBy(() -> saved.truth("t")).hasMessageEndingWith("has to be true or false");
  }
}
