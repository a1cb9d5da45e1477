package dev.lookback.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.TaskStream;
import dev.lookback.data.Tokens;
import dev.lookback.data.Windows;
import dev.lookback.data.task.Tasks;
import dev.lookback.gradient.Bptt;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.Memory;
import dev.lookback.loss.Loss;
import dev.lookback.loss.SquaredError;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import dev.lookback.optim.Adam;
import dev.lookback.optim.Sgd;
import dev.lookback.weights.Snapshot;
import dev.lookback.weights.Weights;
import dev.lookback.window.Targets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What would not go on as it was is refused, with the difference and the weights as they were. */
class RefusedResumeTest {
  private static final Team ONE = Team.of(1);
  private static final Bptt FIXED = Bptt.of(Coupling.fixed(3));
  private static final Network NETWORK = Network.of(Lstm.of(4, 5), Readout.softmax(4));
  private static final Trainer TRAINER = Trainer.of(NETWORK, FIXED, Adam.of(0.01));
  private static final Sampling LANES = lanes(3);

  @AfterAll
  static void close() {
    ONE.close();
  }

  private static Sampling lanes(int lanes) {
    return Lanes.of(Tokens.of(new int[100]), lanes, 7);
  }

  @Test
  void anotherTrainerIsRefusedWithTheDifference() {
    Snapshot saved = afterOneUpdate(TRAINER, LANES);
    refused(saved, TRAINER.withSeed(8), LANES, "had the seed 1 but this one has 8");
    refused(saved, TRAINER.with(StatePolicy.RESET), LANES, "state carry but this one has reset");
    refused(
        saved,
        Trainer.of(NETWORK, Coupling.fixed(4), Adam.of(0.01)),
        LANES,
        "coupling fixed:3 but this one has fixed:4");
    refused(saved, TRAINER, lanes(2), "lanes 3 but this one has 2");
    refused(
        saved,
        Trainer.of(Network.of(Gru.of(4, 4), Readout.softmax(4)), FIXED, Adam.of(0.01)),
        LANES,
        "cells lstm:4x5 but this one has gru:4x4");
    refused(saved, Trainer.of(NETWORK, FIXED, Sgd.of(0.01)), LANES, "this optimizer needs []");
    refused(
        Snapshot.writer().done(),
        TRAINER,
        LANES,
        "what was saved does not say its coupling, and this training has fixed:3");
  }

  /** The weights would fit wherever only the way to the gradient is another. */
  @Test
  void everyDifferenceOfMethodAndWindowsIsNamed() {
    Snapshot saved = afterOneUpdate(TRAINER, LANES);
    refused(saved, trainer(FIXED.within(Memory.within(1 << 20))), LANES, "memory 9223372036854775");
    Bptt sliding = Bptt.of(Coupling.sliding(2, 4));
    refused(
        afterOneUpdate(trainer(sliding), LANES),
        trainer(sliding.refreshing()),
        LANES,
        "refresh false but this one has true");
    refused(saved, TRAINER.with(Stride.OWN), LANES, "stride window but this one has own");
    Network two =
        new Network(List.of(Elman.of(4, 5), Elman.of(5, 5)), Readout.softmax(4)).withDropout(0.25);
    refused(
        afterOneUpdate(Trainer.of(two, FIXED, Adam.of(0.01)), LANES),
        Trainer.of(two.withDropout(0.5), FIXED, Adam.of(0.01)),
        LANES,
        "dropout 0.25 but this one has 0.5");
    Tokens tokens = Tokens.of(new int[100]);
    refused(saved, TRAINER, Lanes.of(tokens, 3, 8), "steps 7 but this one has 8");
    Trainer reset = TRAINER.with(StatePolicy.RESET);
    refused(
        afterOneUpdate(reset, LANES),
        reset,
        Windows.of(tokens, 7, 3),
        "sampling Lanes but this one has Windows: it would not go on as it was");
  }

  private static Trainer trainer(Bptt method) {
    return Trainer.of(NETWORK, method, Adam.of(0.01));
  }

  /** The weights would fit, and everything else: only the gradient to come would be another. */
  @Test
  void anotherLossIsRefusedByName() {
    TaskStream adding = TaskStream.of(Tasks.parse("adding?T=4"), 3, 8, 32, Randomness.of(3));
    Network network = Network.of(Lstm.of(2, 5), Readout.linear(1));
    Trainer squared = Trainer.of(network, FIXED, Adam.of(0.01));
    Trainer own = Trainer.of(network, FIXED.minimising(Halved::new), Adam.of(0.01));
    Snapshot bySquared = afterOneUpdate(squared, adding);
    Snapshot byOwn = afterOneUpdate(own, adding);
    refused(bySquared, own, adding, "had the loss squared-error but this one has halved");
    refused(byOwn, squared, adding, "had the loss halved but this one has squared-error");
    Weights weights = Weights.zeros(network.layout());
    assertThat(own.resume(byOwn, weights, adding, ONE).next().number()).isEqualTo(2);
  }

  /** As those of versions before which did not save it. */
  @Test
  void whatDoesNotSayItsLossIsRefused() {
    refused(
        without("trainer.loss", afterOneUpdate(TRAINER, LANES)),
        TRAINER,
        LANES,
        "does not say its loss, and this training has cross-entropy: that it would go on as it was"
            + " cannot be known. Go on with the version that saved it, or begin anew");
  }

  private static Snapshot afterOneUpdate(Trainer trainer, Sampling sampling) {
    Training training = trainer.start(Weights.zeros(trainer.network().layout()), sampling, ONE);
    training.next();
    return training.save();
  }

  private static Snapshot without(String word, Snapshot from) {
    Snapshot.Writer to = Snapshot.writer();
    from.floatNames().forEach(name -> to.put(name, from.floats(name)));
    from.intNames().forEach(name -> to.put(name, from.ints(name)));
    from.wordNames().stream()
        .filter(name -> !name.equals(word))
        .forEach(name -> to.put(name, from.word(name)));
    return to.done();
  }

  /** Half of the squared error. */
  private record Halved(Loss whole) implements Loss {
    Halved() {
      this(new SquaredError());
    }

    @Override
    public double lossAndGradient(
        float[] outputs,
        RowRange rows,
        Targets targets,
        Optional<float[]> weight,
        double scale,
        Team team) {
      return whole.lossAndGradient(outputs, rows, targets, weight, scale / 2, team) / 2;
    }

    @Override
    public String label() {
      return "halved";
    }

    @Override
    public String unit() {
      return whole.unit();
    }
  }

  private static void refused(
      Snapshot saved, Trainer trainer, Sampling sampling, String difference) {
    Weights weights = trainer.network().initialize(Initialization.orthogonal(), 2);
    float[] before = weights.values().clone();
    assertThatThrownBy(() -> trainer.resume(saved, weights, sampling, ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(difference);
    assertThat(weights.values()).isEqualTo(before);
  }
}
