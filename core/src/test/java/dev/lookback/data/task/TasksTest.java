package dev.lookback.data.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels, and the losses that papers give. */
class TasksTest {
  private static double baseline(String label, String name) {
    return Tasks.parse(label).baselines().stream()
        .filter(baseline -> baseline.name().equals(name))
        .findFirst()
        .orElseThrow()
        .loss();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adding?T=200",
        "copy?T=50,m=10",
        "copy-stream?m=10",
        "copy-stream?min=5,max=10",
        "add-stream?t1=5,t2=9",
        "anbn?max=32",
        "brackets?s=1,k=5,a=10",
        "temporal-order?L=50"
      })
  void labelsAreReadBackAsTheyAreWritten(String label) {
    Task task = Tasks.parse(label);
    assertThat(task.label()).isEqualTo(label);
    assertThat(Tasks.parse(task.label())).isEqualTo(task);
  }

  @Test
  void everyKindHasItsStandardAndALabelOfItsName() {
    for (TaskKind kind : Tasks.kinds()) {
      assertThat(Tasks.parse(kind.name())).isEqualTo(kind.standard());
      assertThat(kind.standard().label()).startsWith(kind.name() + "?");
      assertThat(kind.summary().length()).isBetween(10, 45);
    }
    assertThat(Tasks.parse("copy-stream?min=5")).isEqualTo(new CopyStream(5, 10));
    assertThat(Tasks.parse(" add-stream? t2 = 8 , t1=3")).isEqualTo(new AddStream(3, 8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ading | there is no task \"ading\"; there are adding, copy, copy-stream, add-stream",
        "adding?L=3 | the task adding has no parameter \"L\"; it has T",
        "adding?T | \"T\" has to read parameter=number, such as T=100",
        "adding?T=x | T is \"x\" but has to be a whole number",
        "adding?T=1 | T is 1 but has to be from 2 to 10000000",
        "adding?T=5,T=6 | says T twice",
        "copy-stream?min=11 | min is 11 and max is 10",
        "add-stream?t1=9 | t1 and t2 are both 9",
        "brackets?a=27 | a is 27 but the alphabet has 26 letters",
        "temporal-order?L=9 | L is 9 but has to be from 10",
      })
  void whatIsNoTaskIsRefused(String label, String says) {
    assertThatThrownBy(() -> Tasks.parse(label))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(says);
  }

  @Test
  void theSumOfTwoUniformNumbersVariesByASixth() {
    assertThat(2 * baseline("adding", "always 1")).isCloseTo(1 / 6.0, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 0.6931",
    "20, 0.5199",
    "50, 0.2971",
    "100, 0.1733",
    "200, 0.0945",
    "1000, 0.02039"
  })
  void copyWithoutMemoryByArjovskyShahBengio2016(int delay, double loss) {
    assertThat(baseline("copy?T=" + delay, "no memory")).isCloseTo(loss, within(5e-5));
  }

  @Test
  void copyingWithoutTheTokensByAicherFotiFox2019() {
    double loss = baseline("copy-stream?m=10", "the place but no token");
    assertThat(Math.exp(loss)).isCloseTo(1.866, within(5e-4));
    assertThat(loss).isEqualTo(9 * StrictMath.log(4) / 20);
  }

  @Test
  void plateausOfTheCoinsByPitis2016() {
    Task task = Tasks.parse("add-stream");
    assertThat(task.optimum()).isCloseTo(0.4545, within(5e-5));
    assertThat(task.baselines().stream().map(Baseline::name))
        .containsExactly("neither lag", "only lag 9", "only lag 5");
    assertThat(task.baselines().get(0).loss()).isCloseTo(0.6616, within(5e-5));
    assertThat(task.baselines().get(1).loss()).isCloseTo(0.6277, within(5e-5));
    assertThat(task.baselines().get(2).loss()).isCloseTo(0.5192, within(5e-5));
  }

  @Test
  void bitsPerCharacterByTallecOllivier2018() {
    assertThat(Tasks.parse("anbn").optimum() / Math.log(2)).isCloseTo(5.0 / 35, within(1e-12));
    assertThat(Tasks.parse("brackets").optimum() / Math.log(2)).isCloseTo(1.661, within(5e-4));
  }

  @Test
  void guessingOneOfFour() {
    assertThat(baseline("temporal-order", "guesses")).isCloseTo(1.386, within(5e-4));
  }

  @Test
  void everyBaselineIsWorseThanTheOptimumAndTheWorstComesFirst() {
    for (TaskKind kind : Tasks.kinds()) {
      Task task = kind.standard();
      List<Baseline> baselines = task.baselines();
      assertThat(baselines).isNotEmpty();
      for (int i = 0; i < baselines.size(); i++) {
        double next = i + 1 < baselines.size() ? baselines.get(i + 1).loss() : task.optimum();
        assertThat(baselines.get(i).loss()).as(task.label()).isGreaterThan(next);
      }
    }
  }
}
