package dev.lookback.train;

import dev.lookback.analysis.Activity;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.optim.ClipByNorm;
import dev.lookback.weights.Weights;
import dev.lookback.window.Window;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Watches a training for {@link Symptom}s, and tells of each kind once. By these rules, of which
 * none says anything in the first {@value #SOON} updates:
 *
 * <ul>
 *   <li>stuck: of the updates so far, {@value #FIRST} or more, the mean loss of the last {@value
 *       #SOON} is not below {@value #MOVED} times that of the first {@value #SOON}. Only of a
 *       training that was watched from its first update;
 *   <li>clipped: of the last {@value #SOON} updates at least {@value #NEARLY} were clipped, and
 *       their gradients were {@value #MUCH} times as long as allowed on average;
 *   <li>dead: at least {@value #DEAD} of the units of a rectifier are 0 at every step of every lane
 *       of a sample window;
 *   <li>saturated: at least {@value #FLAT} of the numbers of a gate or tanh over a sample window
 *       are within {@value Activity#END} of its ends.
 * </ul>
 *
 * <p>Watching costs nothing worth naming; looking at a sample costs one way forward over it.
 */
public final class Checkup {
  private static final int SOON = 200;
  private static final int FIRST = 600;
  private static final double MOVED = 0.99;
  private static final double NEARLY = 0.95;
  private static final double MUCH = 10;
  private static final double DEAD = 0.5;
  private static final double FLAT = 0.9;
  private static final int SAMPLE_STEPS = 64;

  private final Network network;
  private final OptionalDouble clip;
  private final Set<Symptom.Kind> told = EnumSet.noneOf(Symptom.Kind.class);
  // The latest updates, each at its number modulo their count.
  private final double[] losses = new double[SOON];
  private final double[] norms = new double[SOON];
  private final boolean[] clipped = new boolean[SOON];
  private long first = -1;
  private long updates;
  private double atFirst;

  /** Of what a trainer makes. */
  public Checkup(Trainer trainer) {
    this.network = trainer.network();
    this.clip =
        trainer.optimizer().rewrites().stream()
            .filter(ClipByNorm.class::isInstance)
            .mapToDouble(rewrite -> ((ClipByNorm) rewrite).clip())
            .findFirst();
  }

  /** Takes an update. */
  public void saw(Update update) {
    if (first < 0) {
      first = update.number();
    }
    int at = (int) (updates % SOON);
    losses[at] = update.loss();
    norms[at] = update.gradientNorm();
    clipped[at] = update.clipped();
    updates++;
    if (updates == SOON) {
      atFirst = mean(losses);
    }
  }

  /**
   * What there is to tell after the updates so far.
   *
   * @param sample a window to look at the network's numbers in; its first {@value #SAMPLE_STEPS}
   *     steps are enough
   */
  public List<Symptom> look(Weights weights, Window sample, Team team) {
    List<Symptom> symptoms = new ArrayList<>();
    if (updates >= SOON) {
      stuck(symptoms);
      clipped(symptoms);
      Window steps = sample.steps() > SAMPLE_STEPS ? sample.upTo(SAMPLE_STEPS) : sample;
      for (Activity activity : Activity.of(network, weights, steps, team)) {
        dead(activity, symptoms);
        saturated(activity, symptoms);
      }
    }
    return symptoms;
  }

  private void stuck(List<Symptom> symptoms) {
    double now = mean(losses);
    if (first == 1 && updates >= FIRST && now >= MOVED * atFirst) {
      String found =
          "the loss does not move: %.4g over the last %d updates, %.4g over the first %d";
      tell(Symptom.Kind.STUCK, symptoms, found, now, SOON, atFirst, SOON);
    }
  }

  private void clipped(List<Symptom> symptoms) {
    int count = 0;
    for (boolean was : clipped) {
      count += was ? 1 : 0;
    }
    double norm = mean(norms);
    if (clip.isPresent() && count >= NEARLY * SOON && norm >= MUCH * clip.getAsDouble()) {
      String found =
          "gradients are clipped nearly always: %d of the last %d, from a norm of %.2g on average"
              + " to %.2g";
      tell(Symptom.Kind.CLIPPED, symptoms, found, count, SOON, norm, clip.getAsDouble());
    }
  }

  private void dead(Activity activity, List<Symptom> symptoms) {
    if (activity.dead() >= DEAD) {
      String found = "%.0f %% of the units of layer %d are dead: 0 at every step of a window";
      tell(Symptom.Kind.DEAD, symptoms, found, 100 * activity.dead(), activity.layer());
    }
  }

  private void saturated(Activity activity, List<Symptom> symptoms) {
    if (activity.flat() >= FLAT) {
      String found = "the %s of layer %d is saturated: %.0f %% of its numbers lie at its ends";
      String name = activity.quantity().name();
      tell(Symptom.Kind.SATURATED, symptoms, found, name, activity.layer(), 100 * activity.flat());
    }
  }

  private void tell(Symptom.Kind kind, List<Symptom> symptoms, String found, Object... values) {
    if (told.add(kind)) {
      symptoms.add(new Symptom(kind, String.format(Locale.ROOT, found, values)));
    }
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
