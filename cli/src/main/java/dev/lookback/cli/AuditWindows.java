package dev.lookback.cli;

import dev.lookback.cli.report.Numbers;
import dev.lookback.data.Corpus;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.TaskStream;
import dev.lookback.data.Tokens;
import dev.lookback.data.task.Task;
import dev.lookback.format.Model;
import dev.lookback.math.Randomness;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.train.StatePolicy;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Which windows an audit is on.
 *
 * @param steps the horizon, if it was said
 * @param windows how many
 * @param lanes streams of a window, if the text allows
 * @param state what enters a window, if it was said
 * @param foreign what the model is taken for where it does not say
 */
record AuditWindows(
    Optional<Integer> steps,
    int windows,
    int lanes,
    Optional<StatePolicy> state,
    ForeignOptions foreign) {
  private static final int HORIZON = 512;

  /**
   * A text.
   *
   * @param options which
   * @param part of it
   */
  record Text(TextOptions options, String part) {}

  /** The windows of a task, which needs no vocabulary. */
  Audited of(Task task, Path asked, long seed, Terminal terminal, Team team) {
    Path file = LoadedModel.file(asked);
    Model model = foreign.read(file);
    UnendedRun.tell(file, model, terminal);
    TaskEvaluation.requireFits(task, file, model);
    // Credit does not cross from one sequence to the next.
    int unit = (int) Math.max(2, Math.ceil(task.meanLength()));
    int horizon = steps.orElse(task.independent() ? unit : HORIZON);
    Randomness randomness = Randomness.of(seed).with("audited");
    HeldOut heldOut =
        new HeldOut(
            count ->
                Optional.of(
                    TaskStream.of(task, lanes, horizon, (long) count * horizon, randomness)),
            entering(RunSettings.of(model), terminal));
    return audited(file, model, TaskNames.PREFIX + task.label(), heldOut, team);
  }

  /** The windows of a text. */
  Audited of(Text text, Path asked, Terminal terminal, Team team) {
    LoadedModel loaded = LoadedModel.read(asked, foreign);
    UnendedRun.tell(loaded.path(), loaded.model(), terminal);
    try (ModelText judged = ModelText.read(text.options(), loaded, terminal)) {
      Tokens tokens = judged.part(text.part(), terminal);
      requireKnown(judged.corpus());
      judged.warnOfUnknown(terminal);
      int horizon = horizon(text.part(), tokens);
      StatePolicy entering = entering(loaded.settings(), terminal);
      HeldOut heldOut = new HeldOut(count -> Optional.of(side(tokens, horizon, count)), entering);
      String name = judged.corpus().source().name() + ", " + text.part();
      return audited(loaded.path(), loaded.model(), name, heldOut, team);
    }
  }

  // As the weights were learned, unless another was said.
  private StatePolicy entering(RunSettings run, Terminal terminal) {
    StatePolicy before = run.state().orElse(StatePolicy.CARRY);
    if (run.state().isPresent() && state.isPresent() && state.get() != before) {
      terminal.warn(
          String.format(
              Locale.ROOT,
              "the run that made this model had --state %s, not %s",
              before.name().toLowerCase(Locale.ROOT),
              state.get().name().toLowerCase(Locale.ROOT)));
    }
    return state.orElse(before);
  }

  private Audited audited(Path file, Model model, String data, HeldOut heldOut, Team team) {
    Network network = model.network();
    return new Audited(
        file.toString(),
        data,
        network,
        model.weights(),
        heldOut.samples(network, model.weights(), windows, team));
  }

  // As many lanes as leave each its windows.
  private Sampling side(Tokens tokens, int horizon, int count) {
    long all = (tokens.length() - 1) / horizon;
    return Lanes.of(tokens, (int) Math.max(1, Math.min(lanes, all / count)), horizon);
  }

  // Every window needs its steps, and the last one a target after them.
  private int horizon(String part, Tokens tokens) {
    long largest = (tokens.length() - 1) / windows;
    int wanted = steps.orElse((int) Math.max(2, Math.min(HORIZON, largest)));
    if (wanted > largest) {
      throw Failure.input(
          "the "
              + (part.equals(ModelText.ALL) ? "text" : part + " part")
              + " has "
              + Numbers.count(tokens.length())
              + " characters but --windows "
              + windows
              + " of --steps "
              + wanted
              + " need "
              + Numbers.count((long) wanted * windows + 1)
              + ". "
              + (largest >= 2
                  ? "The largest --steps that works is " + largest + "; else lower"
                  : "Lower")
              + " --windows, pass more text, or use --part all");
    }
    return wanted;
  }

  private static void requireKnown(Corpus corpus) {
    long all = corpus.tokens().length();
    if (all > 0 && corpus.unknown() == all) {
      throw Failure.input(
          "none of the text's characters is in the model's vocabulary: it was not trained on such"
              + " text. Pass the text, or one like it, that the model learned from");
    }
  }
}
