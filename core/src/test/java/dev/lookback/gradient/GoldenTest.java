package dev.lookback.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import dev.lookback.format.FileTensor;
import dev.lookback.format.TensorFile;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Embedding;
import dev.lookback.network.Predictor;
import dev.lookback.network.State;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.optim.Sgd;
import dev.lookback.optim.Updater;
import dev.lookback.weights.Tensor;
import dev.lookback.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Loss, outputs, states and every gradient against libtorch's in float64: the largest error of a
 * tensor is within 1e-5 of its largest magnitude.
 */
class GoldenTest {
  private static final Team TEAM = Team.of(1);
  private static final List<Integer> BLOCKS = List.of(1, 5, 32);
  private static final List<String> LAST = List.of("hT", "cT");

  @AfterAll
  static void close() {
    TEAM.close();
  }

  static List<Path> folders() {
    return Golden.folders();
  }

  /** So that an empty folder does not pass. */
  @Test
  void theCasesAreThere() {
    assertThat(folders()).hasSize(28);
    assertThat(folders().stream().map(path -> path.resolve("training.json")))
        .filteredOn(Files::exists)
        .hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("folders")
  void lossAndGradientsAgree(Path folder) throws IOException {
    Golden golden = Golden.read(folder);
    TensorFile expected = golden.expected();
    for (int blockSteps : BLOCKS) {
      Pass pass = new Pass(golden.network(), golden.window().lanes(), blockSteps, TEAM);
      Weights gradient = Weights.zeros(golden.network().layout());
      State end = golden.entering();
      State byState = State.zeros(golden.network(), golden.window().lanes());
      double loss =
          pass.run(golden.weights(), golden.window(), coupled(golden), end, gradient, byState)
              .loss();

      assertClose("loss", new float[] {(float) loss}, expected.floats("loss").values());
      Set<String> checked = new HashSet<>(List.of("loss", "logits"));
      for (int p = 0; p < golden.network().top().planes(); p++) {
        String last = LAST.get(p);
        assertClose(last, golden.flat(end, p), expected.floats(last).values());
        checked.add(last);
        String first = Golden.STATES.get(p);
        if (golden.data().find(first).isPresent()) {
          assertClose("dL/d" + first, golden.flat(byState, p), expected.floats(first).values());
          checked.add(first);
        }
      }
      for (Tensor tensor : gradient.layout().tensors()) {
        FileTensor.Floats theirs = expected.floats(tensor.name());
        boolean same = tensor.name().equals(Embedding.NAME);
        float[] values = same ? theirs.values() : turned(theirs);
        assertClose(tensor.name(), gradient.of(tensor.name()), values);
        checked.add(tensor.name());
      }
      assertThat(checked).isEqualTo(expected.tensors().keySet());
    }
  }

  private static Coupled coupled(Golden golden) {
    return golden
        .coupling()
        .couple(golden.window().steps(), golden.window().lanes(), Randomness.of(0));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void outputsAndStatesOfThePredictorAgree(Path folder) throws IOException {
    Golden golden = Golden.read(folder);
    TensorFile expected = golden.expected();
    State state = golden.entering();
    Predictor predictor =
        new Predictor(golden.network(), golden.weights(), golden.window().lanes(), TEAM);
    float[] logits = predictor.outputs(golden.window(), state);
    assertClose("logits", logits, expected.floats("logits").values());
    for (int p = 0; p < golden.network().top().planes(); p++) {
      assertClose(LAST.get(p), golden.flat(state, p), expected.floats(LAST.get(p)).values());
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void theTrainingLossesAgree(Path folder) throws IOException {
    if (!Files.exists(folder.resolve("training.json"))) {
      return;
    }
    Golden golden = Golden.read(folder);
    JsonArray losses = Golden.json(folder.resolve("training.json")).getAsJsonArray("losses");
    JsonArray norms = Golden.json(folder.resolve("training.json")).getAsJsonArray("gradientNorms");
    assertThat(losses).hasSize(10);
    Pass pass = new Pass(golden.network(), golden.window().lanes(), TEAM);
    Weights weights = golden.weights().copy();
    Weights gradient = Weights.zeros(weights.layout());
    Updater updater = Sgd.of(0.5).after(ClipByNorm.of(1)).start(weights.layout());
    boolean clipped = false;
    for (int i = 0; i < losses.size(); i++) {
      double loss =
          pass.run(weights, golden.window(), coupled(golden), golden.entering(), gradient).loss();
      double theirs = losses.get(i).getAsDouble();
      assertThat(loss).as("loss after %d updates", i).isCloseTo(theirs, within(1e-5 * theirs));
      double norm = norms.get(i).getAsDouble();
      assertThat(gradient.norm()).isCloseTo(norm, within(1e-5 * norm));
      updater.step(weights, gradient);
      clipped |= updater.wasClipped();
    }
    assertThat(clipped).isTrue();
  }

  /** The file's {@code [outputs, inputs]} as our {@code [inputs, outputs]}. */
  private static float[] turned(FileTensor.Floats tensor) {
    if (tensor.shape().length == 1) {
      return tensor.values();
    }
    int outputs = tensor.shape()[0];
    int inputs = tensor.shape()[1];
    float[] ours = new float[tensor.values().length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        ours[i * outputs + o] = tensor.values()[o * inputs + i];
      }
    }
    return ours;
  }

  private static void assertClose(String what, float[] found, float[] expected) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    double tolerance = Math.max(1e-8, 1e-5 * largest);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i])
          .as("%s [%d]", what, i)
          .isCloseTo(expected[i], within(tolerance));
    }
  }
}
