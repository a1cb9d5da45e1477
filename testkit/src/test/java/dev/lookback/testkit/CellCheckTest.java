package dev.lookback.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.testkit.IndRnn.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CellCheckTest {
  static List<CellCheck.Sizes> cells() {
    return List.of(
        Elman::of, Lstm::of, Gru::of, Gru::original, LeakyIntegrator::new, TwoStates::new);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void whatIsRightPasses(CellCheck.Sizes cells) {
    CellCheck.of(cells).all();
  }

  @Test
  void aCellWrittenByHandPasses() {
    check(Fault.NONE).all();
  }

  private static CellCheck check(Fault fault) {
    return CellCheck.of((inputs, hidden) -> new IndRnn(inputs, hidden, fault)).withoutTokens();
  }

  @ParameterizedTest
  @CsvSource({
    "NO_DERIVATIVE_OF_TANH, gradient",
    "WRONG_STATE_FOR_U, gradient",
    "NOTHING_DOWN, gradient",
    "FORGETS_RESETS, lanes",
    "IGNORES_XI, links",
    "CUTS_BUT_DOES_NOT_SCALE, links",
    "XI_OF_LANE_0, links",
    "WHOLE_TAPE, truncation",
    "MIXES_LANES, lanes",
    "REMEMBERS_ELSEWHERE, carriedState",
    "DEPENDS_ON_THREADS, sameBits"
  })
  void whatIsWrongIsCaughtByItsCheck(Fault fault, String check) {
    CellCheck checks = check(fault);
    assertThatThrownBy(
            () -> {
              switch (check) {
                case "gradient" -> checks.gradient();
                case "truncation" -> checks.truncation();
                case "links" -> checks.links();
                case "lanes" -> checks.lanes();
                case "carriedState" -> checks.carriedState();
                default -> checks.sameBits();
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("indrnn[inputs=");
  }

  @Test
  void aWrongGradientIsNamedWithItsPlaceAndItsSize() {
    assertThatThrownBy(() -> check(Fault.WRONG_STATE_FOR_U).gradient())
        .hasMessageMatching(
            "the way back of indrnn\\[inputs=3, hidden=5\\] \\(rows of numbers, 6 steps of 2"
                + " lanes\\) against differences of its way forward: rnn\\.u_l0\\[0, \\d\\] is"
                + " \\S+ but has to be \\S+: off by \\S+ where \\S+ is allowed, and \\d of 5"
                + " numbers of it are off\\. Either backward is not the derivative of forward, .*");
  }
}
