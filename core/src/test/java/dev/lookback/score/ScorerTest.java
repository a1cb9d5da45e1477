package dev.lookback.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Model;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Predictor;
import dev.lookback.network.Readout;
import dev.lookback.network.StreamPredictor;
import dev.lookback.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores are what the definition gives, character by character, in double. */
class ScorerTest {
  private static final Team TEAM = Team.of(2);
  private static final List<String> SYMBOLS = List.of("<unk>", "\n", " ", "a", "b", "c", "\u00e9");
  // Longer than a window, empty, one character, one that is not in the vocabulary.
  private static final List<String> LINES =
      List.of(
          "abc cab", "abc".repeat(101), "", "b", "caf\u00e9", "a?b", "cc", "a", "ab ".repeat(44));

  @AfterAll
  static void close() {
    TEAM.close();
  }

  static Stream<Network> networks() {
    int v = SYMBOLS.size();
    return Stream.of(
        Network.of(Elman.of(v, 5), Readout.softmax(v)),
        Network.of(Gru.of(v, 9), Readout.softmax(v)),
        new Network(List.of(Lstm.of(4, 17), Lstm.of(17, 8)), Readout.softmax(v)).withEmbedding(v));
  }

  private static Model model(Network network, List<String> symbols) {
    Weights weights = network.initialize(Initialization.uniform(), 7);
    // Far from chance, so that a wrong state shows.
    float[] all = weights.values();
    for (int i = 0; i < all.length; i++) {
      all[i] *= 4;
    }
    return Model.of(network, weights).withVocabulary(symbols);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aLineIsScoredByTheDefinition(Network network) {
    Model model = model(network, SYMBOLS);
    List<LineScore> scores = Scorer.of(model, TEAM).score(LINES);
    for (int i = 0; i < LINES.size(); i++) {
      StreamPredictor<String> predictor = model.predictor();
      requireSame(scores.get(i), defined(predictor, model, LINES.get(i)));
    }
  }

  // -log softmax(o)_y and the entropy, with one step of a stream for each character.
  private static LineScore defined(StreamPredictor<String> predictor, Model model, String line) {
    Vocabulary vocabulary = model.codec();
    int[] read = vocabulary.encode("\n" + line + "\n");
    double[] nats = new double[read.length - 1];
    double[] expected = new double[read.length - 1];
    for (int i = 0; i + 1 < read.length; i++) {
      float[] o = predictor.step("line", read[i]);
      nats[i] = -Predictor.logSoftmax(o)[read[i + 1]];
      for (double p : Predictor.softmax(o)) {
        expected[i] -= p * Math.log(p);
      }
    }
    return new LineScore(nats, expected);
  }

  private static void requireSame(LineScore found, LineScore expected) {
    assertThat(found.nats()).containsExactly(expected.nats(), within(1e-5));
    assertThat(found.expected()).containsExactly(expected.expected(), within(1e-5));
    assertThat(found.excess())
        .isCloseTo(expected.excess(), within(1e-5 * (1 + expected.nats().length)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aLineHasTheSameBitsAloneAndBesideOthers(Network network) {
    Model model = model(network, SYMBOLS);
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 41; i++) {
      many.add(LINES.get(i % LINES.size()) + "abc".substring(i % 3));
    }
    try (Team alone = Team.of(1)) {
      Scorer scorer = Scorer.of(model, alone);
      List<LineScore> together = Scorer.of(model, TEAM).score(many);
      for (int i = 0; i < many.size(); i++) {
        LineScore one = scorer.score(many.get(i));
        assertThat(one.nats()).isEqualTo(together.get(i).nats());
        assertThat(one.expected()).isEqualTo(together.get(i).expected());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aStreamTakesTheLikelierOfGoingOnAndBeginning(Network network) {
    Model model = model(network, SYMBOLS);
    Scorer.Stream stream = Scorer.of(model, TEAM).stream();
    StreamPredictor<String> going = model.predictor();
    int carried = 0;
    int begun = 0;
    for (int i = 0; i < 3 * LINES.size(); i++) {
      String line = LINES.get(i * 7 % LINES.size()) + "c".repeat(i % 4);
      LineScore on = defined(going, model, line);
      StreamPredictor<String> fresh = model.predictor();
      LineScore afresh = defined(fresh, model, line);
      boolean goesOn = on.total() <= afresh.total() + 1e-9;
      requireSame(stream.score(line), goesOn ? on : afresh);
      if (!goesOn) {
        fresh.snapshot("line").ifPresent(state -> going.restore("line", state));
        begun++;
      } else if (i > 0) {
        carried++;
      }
    }
    assertThat(carried).isPositive();
    assertThat(begun).isPositive();
    stream.reset();
    requireSame(stream.score("abc"), defined(model.predictor(), model, "abc"));
  }

  @Test
  void withoutUnknownSymbolAStrangeCharacterIsTheLeastLikely() {
    List<String> symbols = List.of("\n", "a", "b");
    Model model = model(Network.of(Gru.of(3, 6), Readout.softmax(3)), symbols);
    LineScore score = Scorer.of(model, TEAM).score("a?");
    StreamPredictor<String> predictor = model.predictor();
    predictor.step("s", 0);
    double[] log = Predictor.logSoftmax(predictor.step("s", 1));
    double least = Math.min(log[0], Math.min(log[1], log[2]));
    assertThat(score.nats()[1]).isCloseTo(-least, within(1e-5));
    assertThat(score.nats()).hasSize(3);
  }

  @Test
  void withoutLineEndASpaceSeparatesAndWithoutBothNothingPredictsTheFirst() {
    Model spaced = model(Network.of(Gru.of(3, 6), Readout.softmax(3)), List.of(" ", "a", "b"));
    StreamPredictor<String> predictor = spaced.predictor();
    double[] log = Predictor.logSoftmax(predictor.step("s", 0));
    assertThat(Scorer.of(spaced, TEAM).score("a").nats()[0]).isCloseTo(-log[1], within(1e-5));

    Model letters = model(Network.of(Gru.of(2, 6), Readout.softmax(2)), List.of("a", "b"));
    Scorer scorer = Scorer.of(letters, TEAM);
    log = Predictor.logSoftmax(letters.<String>predictor().step("s", 0));
    assertThat(scorer.score("ab").nats()).containsExactly(new double[] {-log[1]}, within(1e-5));
    assertThat(scorer.score("a").nats()).isEmpty();
    assertThat(scorer.score("").mean()).isZero();
  }

  @Test
  void whatCannotScoreIsRefused() {
    Network network = Network.of(Gru.of(3, 6), Readout.softmax(3));
    Model bare = Model.of(network, network.initialize(Initialization.uniform(), 1));
    assertThatThrownBy(() -> Scorer.of(bare, TEAM)).hasMessageContaining("no vocabulary");
    Model broken = bare.withVocabulary(List.of("a", "b", "\n"));
    broken.weights().values()[3] = Float.NaN;
    assertThatThrownBy(() -> Scorer.of(broken, TEAM)).hasMessageContaining("diverged");
    Network values = Network.of(Gru.of(3, 6), Readout.linear(3));
    Model linear =
        Model.of(values, values.initialize(Initialization.uniform(), 1))
            .withVocabulary(List.of("a", "b", "\n"));
    assertThatThrownBy(() -> Scorer.of(linear, TEAM)).hasMessageContaining("softmax");
  }

  // The better of two readings is within log 2 of their mixture, which is a distribution.
  @Test
  void aStreamsSurpriseIsThatOfTheBetterReading() {
    Model model = model(Network.of(Gru.of(7, 9), Readout.softmax(7)), SYMBOLS);
    StreamPredictor<String> before = model.predictor();
    Scorer.Stream stream = Scorer.of(model, TEAM).stream();
    for (String line : LINES) {
      double going = defined(before, model, line).total();
      StreamPredictor<String> beginning = model.predictor();
      double fresh = defined(beginning, model, line).total();
      double found = stream.score(line).total();
      assertThat(found).isCloseTo(Math.min(going, fresh), within(1e-4 * (1 + line.length())));
      if (fresh < going) {
        before = beginning;
      }
    }
  }

  @Test
  void surprisesThatAreNoNumbersAreRefused() {
    Model model = model(Network.of(Gru.of(7, 9), Readout.softmax(7)), SYMBOLS);
    float[] all = model.weights().values();
    int end = model.weights().layout().get("decoder.weight").end();
    for (int i = model.weights().layout().get("decoder.weight").offset(); i < end; i++) {
      all[i] = i % 2 == 0 ? 3e38f : -3e38f;
    }
    Scorer scorer = Scorer.of(model, TEAM);
    assertThatThrownBy(() -> scorer.score("abcabc"))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("Use another model");
  }
}
