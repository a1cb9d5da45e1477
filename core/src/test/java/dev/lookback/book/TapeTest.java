package dev.lookback.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TapeTest {

  private static Tape.Scalar everyOperation(Tape.Scalar u, Tape.Scalar v) {
    return u.times(v).tanh().plus(u.exp().plus(v.relu()).log()).times(3).plus(u.times(u));
  }

  @Test
  void everyOperationAgreesWithDifferences() {
    double[] at = {0.7, 0.4};
    Tape tape = new Tape();
    Tape.Scalar[] w = tape.scalars(at);
    double[] gradient = tape.gradient(everyOperation(w[0], w[1]));
    double[] differences =
        Differences.gradient(
            moved -> {
              Tape.Scalar[] m = new Tape().scalars(moved);
              return everyOperation(m[0], m[1]).value();
            },
            at);
    assertThat(new double[] {gradient[w[0].index()], gradient[w[1].index()]})
        .containsExactly(differences, within(1e-10));
  }

  @Test
  void aNumberUsedTwiceCountsTwice() {
    Tape tape = new Tape();
    Tape.Scalar x = tape.scalar(3);
    assertThat(tape.gradient(x.times(x).plus(x))[x.index()]).isEqualTo(7);
    assertThat(tape.gradient(x.plus(x))[x.index()]).isEqualTo(2);
    assertThat(tape.gradient(x)[x.index()]).isEqualTo(1);
  }

  @Test
  void whatCameLaterHasNoInfluence() {
    Tape tape = new Tape();
    Tape.Scalar x = tape.scalar(3);
    Tape.Scalar early = x.times(2);
    Tape.Scalar late = early.times(x);
    assertThat(tape.gradient(early)[x.index()]).isEqualTo(2);
    assertThat(tape.gradient(early)[late.index()]).isZero();
    assertThat(tape.gradient(late)[x.index()]).isEqualTo(12);
  }

  @Test
  void refusesToMixTapes() {
    assertThatThrownBy(() -> new Tape().scalar(1).plus(new Tape().scalar(1)))
        .hasMessage("the numbers are on two tapes, but an operation is recorded on one");
  }
}
