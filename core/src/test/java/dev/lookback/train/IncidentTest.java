package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.format.CheckpointFile;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupled;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.gradient.Memory;
import dev.lookback.gradient.Sweep;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.network.State;
import dev.lookback.optim.Sgd;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import dev.lookback.window.Links;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings that diverge, and the update that fails again from what was kept of it. */
class IncidentTest {
  private static final Team TEAM = Team.of(2);
  private static final int SYMBOLS = 5;

  @TempDir private Path folder;

  @AfterAll
  static void close() {
    TEAM.close();
  }

  private static Sampling lanes() {
    return Lanes.of(RandomText.of(SYMBOLS, 600), 4, 10).withOffsets(Randomness.of(1));
  }

  // Linear, so that nothing holds it, and with dropout, so that its masks have to come back.
  private static Network network() {
    Elman below = Elman.of(SYMBOLS, 9).with(Activation.IDENTITY).with(Biases.NONE);
    Elman above = Elman.of(9, 7).with(Activation.IDENTITY);
    return new Network(List.of(below, above), Readout.softmax(SYMBOLS)).withDropout(0.3);
  }

  private static Trainer trainer(String coupling, double rate) {
    Bptt method = Bptt.of(CouplingNotation.parse(coupling));
    return Trainer.of(network(), method, Sgd.of(rate));
  }

  private static Training start(Trainer trainer) {
    Weights weights = trainer.network().initialize(Initialization.orthogonal(), 2);
    return trainer.start(weights, lanes(), TEAM);
  }

  private static TrainingDiverged diverged(Training training) {
    TrainingDiverged diverged =
        catchThrowableOfType(
            TrainingDiverged.class, () -> training.updates().limit(400).forEach(update -> {}));
    assertThat(diverged).isNotNull();
    return diverged;
  }

  private Incident throughAFile(Incident incident) throws IOException {
    Snapshot.Writer to = Snapshot.writer();
    incident.save(to.under("incident"));
    Path file = folder.resolve("incident.safetensors");
    CheckpointFile.write(file, to.done());
    Snapshot read = CheckpointFile.read(file);
    return Incident.saved(incident.network(), incident.weights(), read.under("incident"));
  }

  private void requireSame(TrainingDiverged diverged) throws IOException {
    Incident incident = diverged.incident();
    assertThat(incident.isWhole()).isTrue();
    assertThat(diverged.origin()).isPresent();
    for (Incident kept : List.of(incident, throughAFile(incident))) {
      TrainingDiverged again = kept.again(TEAM).orElseThrow();
      assertThat(again).hasMessage(diverged.getMessage());
      assertThat(again.origin()).isEqualTo(diverged.origin());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"full", "fixed:4", "random:4", "random:3,per-lane", "random:5,stratified"})
  void failsAgainFromWhatWasKept(String coupling) throws IOException {
    requireSame(diverged(start(trainer(coupling, 30))));
    Trainer reset = trainer(coupling, 30).with(StatePolicy.RESET);
    requireSame(diverged(start(reset)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed:4", "random:4"})
  void alsoAtTheCouplingsOwnStride(String coupling) throws IOException {
    requireSame(diverged(start(trainer(coupling, 30).with(Stride.OWN))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sliding:2,9", "sliding:5,20"})
  void slidingTruncationKeepsWhatLiesBehindWhereItIsCareful(String coupling) throws IOException {
    Training careful = start(trainer(coupling, 30));
    careful.careful();
    TrainingDiverged diverged = diverged(careful);
    assertThat(diverged.incident().behind()).isPresent();
    requireSame(diverged);
    // Without care it fails at the same update, with as much as is there.
    TrainingDiverged other = diverged(start(trainer(coupling, 30)));
    assertThat(other.update()).isEqualTo(diverged.update());
    assertThat(other.incident().isWhole()).isFalse();
    requireSame(diverged(carefulFrom(trainer(coupling, 30).with(Stride.OWN))));
  }

  private static Training carefulFrom(Trainer trainer) {
    Training training = start(trainer);
    training.careful();
    return training;
  }

  @Test
  void withinASmallMemory() throws IOException {
    Trainer trainer = trainer("full", 30);
    Memory small = Memory.within(trainer.smallestMemory(lanes()));
    Bptt method = trainer.method().within(small);
    requireSame(diverged(start(Trainer.of(trainer.network(), method, trainer.optimizer()))));
  }

  @Test
  void aTrainingThatWentOnTellsTheSame() throws IOException {
    Trainer trainer = trainer("full", 3);
    TrainingDiverged unbroken = diverged(start(trainer));
    Training first = start(trainer);
    long half = unbroken.update() / 2;
    first.updates().limit(half).forEach(update -> {});
    Weights weights = Weights.zeros(trainer.network().layout());
    Training second = trainer.resume(first.save(), weights, lanes(), TEAM);
    assertThat(diverged(second)).hasMessage(unbroken.getMessage());
  }

  @Test
  void anUpdateThatIsFineDoesNotFail() {
    TrainingDiverged diverged = diverged(start(trainer("full", 30)));
    Incident bad = diverged.incident();
    Weights fine = bad.network().initialize(Initialization.orthogonal(), 2);
    Incident healed =
        new Incident(
            bad.network(),
            fine,
            bad.window(),
            bad.entering(),
            bad.way(),
            bad.place(),
            bad.behind());
    healed.entering().clear();
    assertThat(healed.again(TEAM)).isEmpty();
  }

  private static Incident.Way wayOf(
      Coupled coupled, Optional<Coupling.Sliding> sliding, Memory memory) {
    boolean refresh = sliding.isPresent();
    return new Incident.Way(
        coupled, sliding, refresh, 2.5, Optional.of(Randomness.of(3).with("x")), 2, memory);
  }

  /** The state that entered, and what was dropped, as another training has them at that update. */
  @Test
  void theStateAndTheMaskAreThoseOfTheUpdate() {
    Trainer trainer = trainer("full", 3);
    Incident incident = diverged(start(trainer)).incident();
    long made = incident.place().update() - 1;
    assertThat(made).isGreaterThan(1);
    assertThat(incident.place().window()).isGreaterThan(1);
    Training other = start(trainer);
    other.updates().limit(made).forEach(update -> {});
    State entering = State.saved(trainer.network(), 4, other.save().under("state"));
    for (int l = 0; l < 2; l++) {
      assertThat(incident.entering().layer(l)).isDeepEqualTo(entering.layer(l));
      assertThat(entering.layer(l)[0]).isNotEmpty();
    }
    assertThat(incident.weights().values()).isEqualTo(other.weights().values());
    assertThat(incident.way().dropping())
        .hasValue(Randomness.of(trainer.seed()).with("dropout").with(made));
    Network whole = trainer.network().withDropout(0);
    Trainer keeping = Trainer.of(whole, trainer.method(), trainer.optimizer());
    assertThat(diverged(start(keeping)).incident().way().dropping()).isEmpty();
  }

  /** Number by number, whatever an update can have. */
  @Test
  void nothingIsLostOnDisk() throws IOException {
    Incident any = diverged(start(trainer("full", 30))).incident();
    float[] xi = new float[10 * 4];
    for (int i = 4; i < xi.length; i++) {
      xi[i] = i % 3;
    }
    List<Sweep> sweeps = List.of(new Sweep(0, 4, 0), new Sweep(4, 7, 2), new Sweep(7, 10, 7));
    Snapshot.Writer behind = Snapshot.writer();
    behind.put("a", new float[] {1, 2}).put("b", new int[] {3}).put("c", "d");
    List<Incident.Way> ways =
        List.of(
            wayOf(
                new Coupled(Links.perLane(xi, 4), sweeps),
                Optional.of(new Coupling.Sliding(3, 8)),
                Memory.within(12345)),
            wayOf(
                new Coupled(Links.shared(Arrays.copyOf(xi, 10)), sweeps),
                Optional.of(new Coupling.Sliding(3, 5, true)),
                Memory.unlimited()),
            new Incident.Way(
                Coupling.full().couple(10, 4, Randomness.of(0)),
                Optional.empty(),
                false,
                40,
                Optional.empty(),
                1,
                Memory.unlimited()));
    for (Incident.Way way : ways) {
      Optional<Snapshot> kept =
          way.sliding().isPresent() ? Optional.of(behind.done()) : Optional.empty();
      Incident.Place place = new Incident.Place(7, 2, 5, 0.25);
      Incident incident =
          new Incident(
              any.network(), any.weights(), any.window(), any.entering(), way, place, kept);
      Incident found = throughAFile(incident);
      assertThat(found.place()).isEqualTo(place);
      Incident.Way read = found.way();
      assertThat(read.sliding()).isEqualTo(way.sliding());
      assertThat(read.refresh()).isEqualTo(way.refresh());
      assertThat(read.divisor()).isEqualTo(way.divisor());
      assertThat(read.dropping()).isEqualTo(way.dropping());
      assertThat(read.blockSteps()).isEqualTo(way.blockSteps());
      assertThat(read.memory()).isEqualTo(way.memory());
      assertThat(read.coupled().sweeps()).isEqualTo(way.coupled().sweeps());
      assertThat(read.coupled().links().toArray()).isEqualTo(way.coupled().links().toArray());
      assertThat(read.coupled().links().lanes()).isEqualTo(way.coupled().links().lanes());
      assertThat(found.isWhole()).isTrue();
      assertThat(found.behind().isPresent()).isEqualTo(kept.isPresent());
      found.behind().ifPresent(b -> assertThat(b.word("c")).isEqualTo("d"));
    }
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    Incident any = diverged(start(trainer("full", 30))).incident();
    Coupled other = Coupling.full().couple(9, 4, Randomness.of(0));
    Incident.Way way = wayOf(other, Optional.empty(), Memory.unlimited());
    Incident wrong =
        new Incident(
            any.network(),
            any.weights(),
            any.window(),
            any.entering(),
            way,
            any.place(),
            Optional.empty());
    Snapshot.Writer to = Snapshot.writer();
    wrong.save(to);
    assertThatThrownBy(() -> Incident.saved(any.network(), any.weights(), to.done()))
        .isInstanceOf(IllegalArgumentException.class);
    // A network of three symbols does not know the window's five.
    Network three =
        new Network(
            List.of(Elman.of(3, 9).with(Biases.NONE), Elman.of(9, 7)), Readout.softmax(SYMBOLS));
    Snapshot.Writer fine = Snapshot.writer();
    any.save(fine);
    Weights weights = Weights.zeros(three.layout());
    assertThatThrownBy(() -> Incident.saved(three, weights, fine.done()))
        .hasMessageContaining("but the network knows 0 to 2");
  }

  @Test
  void weightsThatWereNoNumbersBeforeAreNamed() {
    Incident any = diverged(start(trainer("full", 30))).incident();
    any.weights().values()[any.weights().layout().get("decoder.bias").offset() + 1] = Float.NaN;
    assertThat(any.again(TEAM).orElseThrow())
        .hasMessageContaining("; before it decoder.bias[1] is");
  }

  /** What an incident has is its own: the training goes on changing its weights and states. */
  @Test
  void whatWasKeptStaysAsItWas() {
    Training training = start(trainer("full", 30));
    TrainingDiverged first = diverged(training);
    float[] weights = first.incident().weights().values().clone();
    Arrays.fill(training.weights().values(), 0.1f);
    assertThat(first.incident().weights().values()).isEqualTo(weights);
    assertThat(first.incident().again(TEAM).orElseThrow()).hasMessage(first.getMessage());
  }
}
