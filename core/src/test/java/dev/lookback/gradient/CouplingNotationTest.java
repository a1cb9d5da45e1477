package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CouplingNotationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "full",
        "fixed:1",
        "fixed:35",
        "random:35",
        "random:2.5",
        "random:35,per-lane",
        "random:1.0E20",
        "random:50,alpha=4",
        "random:16.5,alpha=2.5,per-lane",
        "random:50,floor=20",
        "random:50,alpha=4,floor=20",
        "random:50,stratified",
        "random:50,alpha=6,floor=1,stratified",
        "sliding:1,1",
        "sliding:8,16",
        "sliding:8,15",
        "every-loss-at-least:1",
        "every-loss-at-least:8",
        "every-loss-at-least:1073741823"
      })
  void aLabelReadsAsItself(String text) {
    assertThat(CouplingNotation.parse(text).label()).isEqualTo(text);
    assertThat(CouplingNotation.parse("  " + text + " ").label()).isEqualTo(text);
    assertThat(CouplingNotation.parseList("full," + text + ", " + text + ",fixed:3"))
        .containsExactly(
            Coupling.full(),
            CouplingNotation.parse(text),
            CouplingNotation.parse(text),
            Coupling.fixed(3));
  }

  @Test
  void whatIsReadIsWhatCodeMakes() {
    Coupling.Randomised both =
        new Coupling.Randomised(
            KeepProbability.floor(20, KeepProbability.powerLaw(4, 30)), 50, Drawing.STRATIFIED);
    for (Coupling coupling :
        List.of(
            Coupling.random(2.5),
            Coupling.randomPowerLaw(50, 4),
            Coupling.randomPowerLaw(16.25, 2.5).withPerLane(),
            Coupling.randomFloor(50, 20),
            Coupling.randomFloor(50, 20).with(Drawing.STRATIFIED),
            Coupling.randomMeasured(0.83, 100),
            Coupling.everyLossAtLeast(8),
            Coupling.sliding(8, 15),
            both)) {
      assertThat(CouplingNotation.parse(coupling.label())).isEqualTo(coupling);
    }
    assertThat(CouplingNotation.parse("random: 50 , stratified, floor = 20 ,alpha= 4"))
        .isEqualTo(both);
  }

  @Test
  void labelsOfWhatCodeMakes() {
    assertThat(Coupling.full().label()).isEqualTo("full");
    assertThat(Coupling.fixed(8).label()).isEqualTo("fixed:8");
    assertThat(Coupling.random(35).label()).isEqualTo("random:35");
    assertThat(CouplingNotation.parse("random:35,per-lane"))
        .isInstanceOfSatisfying(
            Coupling.Randomised.class,
            random -> {
              assertThat(random.mean()).isEqualTo(35);
              assertThat(random.perLane()).isTrue();
              assertThat(random.keep().at(7, 3)).isEqualTo(1 - 1 / 35.0);
            });
    assertThat(CouplingNotation.parse("fixed: 8")).isEqualTo(Coupling.fixed(8));
    assertThat(CouplingNotation.parse("sliding:8, 16")).isEqualTo(Coupling.sliding(8, 16));
  }

  @Test
  void commasSeparateCouplingsAsWellAsTheirNumbers() {
    assertThat(labels("full,fixed:8,sliding:4,8,random:35,per-lane,fixed:1"))
        .containsExactly("full", "fixed:8", "sliding:4,8", "random:35,per-lane", "fixed:1");
    assertThat(labels(" full , fixed:8, sliding:4 , 8 ,random:2.5"))
        .containsExactly("full", "fixed:8", "sliding:4,8", "random:2.5");
    assertThat(labels("full")).containsExactly("full");
  }

  private static String[] labels(String text) {
    return CouplingNotation.parseList(text).stream().map(Coupling::label).toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          half          | "half" is no coupling; there are full, fixed:TAU, random:MEAN[,alpha=A][,floor=K][,per-lane or ,stratified], sliding:K1,K2 and every-loss-at-least:K; train and compare have adaptive:DELTA, random:measured and auto too
          Full          | "Full" is no coupling; there are full, fixed:TAU, random:MEAN[,alpha=A][,floor=K][,per-lane or ,stratified], sliding:K1,K2 and every-loss-at-least:K; train and compare have adaptive:DELTA, random:measured and auto too
          full:3        | "full:3": full takes no number
          full:         | "full:": full takes no number
          fixed         | "fixed": write the segment length, such as fixed:35
          fixed:        | "fixed:": "" is not a whole number
          fixed:3,4     | "fixed:3,4": write the segment length, such as fixed:35
          fixed:3.5     | "fixed:3.5": "3.5" is not a whole number
          fixed:0       | tau is 0 but a segment needs 1 step or more, such as fixed:35
          fixed:-2      | tau is -2 but a segment needs 1 step or more, such as fixed:35
          fixed:9999999999 | "fixed:9999999999": "9999999999" is not a whole number
          random        | "random": write the mean segment length, such as random:35, and behind it what you like of alpha=A, floor=K, and per-lane or stratified, such as random:50,alpha=4,per-lane
          random:x      | "random:x": "x" is not a number
          random:3,4    | "random:3,4": write the mean segment length, such as random:35, and behind it what you like of alpha=A, floor=K, and per-lane or stratified, such as random:50,alpha=4,per-lane
          random:3,each | "random:3,each": write the mean segment length, such as random:35, and behind it what you like of alpha=A, floor=K, and per-lane or stratified, such as random:50,alpha=4,per-lane
          random:1      | the mean length is 1 but has to be more than 1 step: a link is kept with probability pi = 1 - 1/mean, and pi = 0 has no 1/pi. Use fixed:1 to keep no link at all
          random:3,per-lane,stratified | "random:3,per-lane,stratified": say per-lane or stratified, once; stratified is a draw for each lane too
          random:3,per-lane,per-lane | "random:3,per-lane,per-lane": say per-lane or stratified, once; stratified is a draw for each lane too
          random:9,alpha | "random:9,alpha": write the mean segment length, such as random:35, and behind it what you like of alpha=A, floor=K, and per-lane or stratified, such as random:50,alpha=4,per-lane
          random:9,alpha= | "random:9,alpha=": "" is not a number
          random:9,alpha=4,alpha=4 | "random:9,alpha=4,alpha=4": alpha stands there twice
          random:9,floor=2,floor=3 | "random:9,floor=2,floor=3": floor stands there twice
          random:9,floor=2.5 | "random:9,floor=2.5": "2.5" is not a whole number
          random:9,alpha=2 | alpha is 2 but has to be more than 2 and finite: at 2 and below segments have no finite mean length. 4 and 6 are usual, such as random:50,alpha=4
          random:1,alpha=4 | the mean length is 1 but has to be more than 1 step and finite: at 1 the first link after a cut is never kept, and pi = 0 has no 1/pi. Use fixed:1 to keep no link at all
          random:9,floor=0 | the floor is 0 but has to be 1 link or more, such as random:50,floor=20; leave it out for none
          random:9,floor=8 | the floor is 8 links and the mean length 9 steps, but segments that are never cut before have 9 steps at least: the mean has to be more than that
          every-loss-at-least | "every-loss-at-least": write how many steps every loss looks back over at least, such as every-loss-at-least:35
          every-loss-at-least:3,5 | "every-loss-at-least:3,5": write how many steps every loss looks back over at least, such as every-loss-at-least:35
          every-loss-at-least:0 | every loss is to look back over at least 0 steps but that has to be from 1 to 1073741823, such as every-loss-at-least:35
          every-loss-at-least:1073741824 | every loss is to look back over at least 1073741824 steps but that has to be from 1 to 1073741823, such as every-loss-at-least:35
          sliding:4     | "sliding:4": write both lengths, such as sliding:8,16
          sliding:8,4   | sliding:8,4 needs 1 <= K1 <= K2: every K1 steps the last K1 losses go back K2 steps
          sliding:0,4   | sliding:0,4 needs 1 <= K1 <= K2: every K1 steps the last K1 losses go back K2 steps
          """)
  void whatCannotBeReadSaysWhatToWrite(String text, String message) {
    assertThatThrownBy(() -> CouplingNotation.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "full,,fixed:3", "full,", "8,full", "per-lane", "full,alpha"})
  void aListWithAHoleIsRefused(String text) {
    assertThatThrownBy(() -> CouplingNotation.parseList(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(" is no coupling; there are full, ");
  }

  @Test
  void aNumberTooManyIsToldFromTheNextCoupling() {
    assertThatThrownBy(() -> CouplingNotation.parseList("fixed:3,4,full"))
        .hasMessage("\"fixed:3,4\": write the segment length, such as fixed:35");
  }
}
