package dev.lookback.cli;

import dev.lookback.analysis.Sample;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.cli.words.Wrapped;
import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.Lanes;
import dev.lookback.data.Sampling;
import dev.lookback.data.Split;
import dev.lookback.data.Tokens;
import dev.lookback.data.VocabularyRule;
import dev.lookback.format.AtomicFile;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.train.StatePolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Says how far back a model's gradient has to go on a text. */
@Command(
    name = "audit",
    sortOptions = false,
    description = {
      "Measures for a model and its data how far back to backpropagate, what it",
      "costs and what is lost, against the exact gradient over a horizon."
    })
final class AuditCommand implements Callable<Integer> {
  private static final int HORIZON = 512;
  private static final int TEXT_WIDTH = 79;
  private static final String WHAT = "A model.safetensors or a run folder";

  @ParentCommand private LookbackCommand parent;

  @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = WHAT)
  private Optional<String> first = Optional.empty();

  @Option(names = "--model", paramLabel = "FILE", description = WHAT)
  private Optional<Path> model = Optional.empty();

  @Mixin private TextOptions text;

  @Option(
      names = "--part",
      paramLabel = "PART",
      defaultValue = "validation",
      description = "all, or training, validation, test of --split [${DEFAULT-VALUE}]")
  private String part = "validation";

  @Option(
      names = "--steps",
      paramLabel = "T",
      description = "The horizon of the exact gradient [512, or what the text allows]")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--windows",
      paramLabel = "N",
      defaultValue = "16",
      description = "Windows to average and to take intervals over [${DEFAULT-VALUE}]")
  private int windows;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "4",
      description = "Parallel streams of a window, if the text allows [${DEFAULT-VALUE}]")
  private int lanes;

  @Option(
      names = "--state",
      paramLabel = "HOW",
      defaultValue = "carry",
      description = "carry or reset: what enters a window [${DEFAULT-VALUE}]")
  private StatePolicy state = StatePolicy.CARRY;

  @Option(
      names = "--bias",
      paramLabel = "DELTA",
      defaultValue = "0.1",
      description = "The relative bias to stay below [${DEFAULT-VALUE}]")
  private double bias;

  @Option(
      names = "--couplings",
      paramLabel = "C,...",
      description = "More couplings to measure, such as random:35,per-lane")
  private Optional<String> couplings = Optional.empty();

  @Option(
      names = "--draws",
      paramLabel = "R",
      defaultValue = "8",
      description = "Draws of each random coupling [${DEFAULT-VALUE}]")
  private int draws;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write all numbers, by tensor too")
  private Optional<Path> csv = Optional.empty();

  @Option(names = "--report", paramLabel = "FILE", description = "Write a page with pictures")
  private Optional<Path> report = Optional.empty();

  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  AuditCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    check();
    List<Coupling> more = couplings.map(CouplingNotation::parseList).orElse(List.of());
    LoadedModel loaded = LoadedModel.read(model());
    CorpusOptions options =
        text.corpusOptions()
            .normalisedBy(loaded.normalisation())
            .encodedBy(VocabularyRule.fixed(loaded.vocabulary()));
    try (Corpus corpus = text.read(terminal, options);
        Team team = common.team(terminal)) {
      Tokens tokens = part(corpus.tokens());
      warnOfUnknown(corpus, terminal);
      int horizon = horizon(tokens);
      HeldOut heldOut = new HeldOut(count -> Optional.of(side(tokens, horizon, count)), state);
      Network network = loaded.model().network();
      List<Sample> samples = heldOut.samples(network, loaded.model().weights(), windows, team);
      AuditResult.Setting setting =
          new AuditResult.Setting(
              loaded.path().toString(),
              corpus.source().name() + ", " + part,
              horizon,
              samples.size(),
              samples.get(0).window().lanes());
      AuditRun run =
          new AuditRun(
              network,
              loaded.model().weights(),
              samples,
              team,
              new AuditRun.Wanted(more, draws, bias, common.seed()));
      AuditResult result = run.measure(setting, terminal);
      conclude(result, Recommendation.of(result, bias), terminal);
      return ExitCode.DONE;
    }
  }

  private void check() {
    if (windows < 2) {
      throw Failure.usage("--windows is " + windows + " but an interval needs 2 or more");
    }
    if (lanes < 1) {
      throw Failure.usage("--batch is " + lanes + " but has to be 1 or more");
    }
    if (draws < 2) {
      throw Failure.usage("--draws is " + draws + " but a variance needs 2 or more");
    }
    if (!(bias > 0 && bias < 1)) {
      throw Failure.usage("--bias is " + bias + " but has to be above 0 and below 1, such as 0.1");
    }
    if (steps.isPresent() && steps.get() < 2) {
      throw Failure.usage(
          "--steps is " + steps.get() + " but a horizon that truncation can cut has 2 or more");
    }
  }

  // With --model, what stands first is the data.
  private Path model() {
    if (model.isPresent()) {
      first.ifPresent(text::instead);
      return model.get();
    }
    return Path.of(
        first.orElseThrow(
            () ->
                Failure.usage(
                    "there is no model to audit. Pass a model.safetensors or a run folder, and the"
                        + " data: lookback audit runs/train-001 mytext.txt")));
  }

  private Tokens part(Tokens tokens) {
    if (part.equals("all")) {
      return tokens;
    }
    Split split = text.split(tokens);
    return switch (part) {
      case "training" -> split.training();
      case "validation" -> split.validation();
      case "test" -> split.test();
      default ->
          throw Failure.usage(
              "--part is \"" + part + "\" but has to be all, training, validation or test");
    };
  }

  // As many lanes as leave each its windows.
  private Sampling side(Tokens tokens, int horizon, int count) {
    long all = (tokens.length() - 1) / horizon;
    return Lanes.of(tokens, (int) Math.max(1, Math.min(lanes, all / count)), horizon);
  }

  // Every window needs its steps, and the last one a target after them.
  private int horizon(Tokens tokens) {
    long largest = (tokens.length() - 1) / windows;
    int wanted = steps.orElse((int) Math.max(2, Math.min(HORIZON, largest)));
    if (wanted > largest) {
      throw Failure.input(
          "the "
              + (part.equals("all") ? "text" : part + " part")
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

  private static void warnOfUnknown(Corpus corpus, Terminal terminal) {
    long unknown = corpus.unknown();
    long all = corpus.tokens().length();
    if (all > 0 && unknown == all) {
      throw Failure.input(
          "none of the text's characters is in the model's vocabulary: it was not trained on such"
              + " text. Pass the text, or one like it, that the model learned from");
    }
    if (unknown > 0) {
      terminal.warn(
          Numbers.count(unknown)
              + " characters of the text are not in the model's vocabulary and count as unknown");
    }
  }

  private void conclude(AuditResult result, Recommendation recommendation, Terminal terminal) {
    csv.ifPresent(file -> write(file, AuditNumbers.csv(result)));
    report.ifPresent(file -> write(file, new AuditPage(result).html(recommendation)));
    if (common.json()) {
      terminal.out().println(Finite.of(AuditNumbers.json(result, recommendation)));
      return;
    }
    AuditResult.Setting s = result.setting();
    say(
        terminal,
        String.format(
            "Against the exact gradient over %s steps of %d windows of %d streams: %s; intervals"
                + " are the jackknife's over the windows.",
            Numbers.count(s.steps()), s.windows(), s.lanes(), s.data()));
    terminal.out().println();
    table(terminal, AuditTable.lags(result));
    table(terminal, AuditTable.bounds(result));
    say(
        terminal,
        "every-loss-at-least:K (every K steps the last K losses go back 2K-1), and the bias of"
            + " fixed:2K-1, which remembers as many steps:");
    table(terminal, AuditTable.everyLoss(result));
    say(terminal, "fixed:K (segments of K steps):");
    table(terminal, AuditTable.fixed(result, shown(result)));
    if (!result.others().isEmpty()) {
      table(terminal, AuditTable.others(result));
    }
    if (!result.drawn().isEmpty()) {
      table(terminal, AuditTable.drawn(result));
    }
    say(terminal, recommendation.headline());
    recommendation
        .reasons()
        .forEach(reason -> terminal.out().println(Wrapped.of(reason, TEXT_WIDTH, "- ")));
    unbounded(result)
        .ifPresent(
            warning -> terminal.out().println(Wrapped.of("Beware: " + warning, TEXT_WIDTH, "- ")));
    csv.ifPresent(file -> terminal.out().println("Numbers: " + file));
    report.ifPresent(file -> terminal.out().println("Report: " + file));
  }

  // The powers of two and the one that is good enough: the rest stands in the files.
  private Predicate<Integer> shown(AuditResult result) {
    int chosen =
        Recommendation.smallest(result, Truncation.FIXED, bias).map(Map.Entry::getKey).orElse(1);
    return k -> Integer.bitCount(k) == 1 || k == chosen;
  }

  // Of the couplings whose variance has no bound, what is to be said of the longest.
  private static Optional<String> unbounded(AuditResult result) {
    double decay = result.lags().decay().value();
    return result.drawn().stream()
        .flatMap(drawn -> VarianceWarning.of(drawn.coupling(), decay).stream())
        .reduce((one, next) -> next);
  }

  private static void table(Terminal terminal, Table table) {
    terminal.out().print(TerminalTable.render(table));
    terminal.out().println();
  }

  private static void say(Terminal terminal, String sentence) {
    terminal.out().println(Wrapped.of(sentence, TEXT_WIDTH, ""));
  }

  private static void write(Path file, String content) {
    try {
      AtomicFile.write(file, stream -> stream.write(content.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw Failure.running(file + " could not be written: " + e.getMessage(), e);
    }
  }
}
