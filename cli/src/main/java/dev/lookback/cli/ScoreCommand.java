package dev.lookback.cli;

import dev.lookback.cli.corpus.Corpora;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.score.LineScoring;
import dev.lookback.cli.score.Ranking;
import dev.lookback.cli.score.ScoreRecords;
import dev.lookback.cli.score.ScoreTable;
import dev.lookback.cli.score.ScoredLine;
import dev.lookback.cli.score.Tail;
import dev.lookback.data.TextSource;
import dev.lookback.math.Team;
import dev.lookback.score.Scorer;
import dev.lookback.score.Threshold;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Ranks the lines of a text by how surprising they are to a model. */
@Command(
    name = "score",
    sortOptions = false,
    description = {
      "Ranks the lines of a text by how much more they surprise a model than it",
      "expected (excess, in nats): what is unusual in a log."
    })
final class ScoreCommand implements Callable<Integer> {
  private static final int WIDTH = 80;
  private static final long PAUSE = 200_000_000;
  private static final String WHAT = "File, folder, - or built-in text, line by line";

  /** When characters are coloured. */
  enum Colour {
    AUTO,
    ALWAYS,
    NEVER
  }

  @ParentCommand private LookbackCommand parent;
  @Mixin private ModelOption model;

  @Parameters(index = "1", arity = "0..1", paramLabel = "DATA", description = WHAT)
  private Optional<String> positional = Optional.empty();

  @Option(names = "--data", paramLabel = "DATA", description = WHAT)
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where built-in texts are; also LOOKBACK_DATA")
  private Optional<Path> dataDir = Optional.empty();

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Show the N most surprising lines; 0: all [10]")
  private Optional<Integer> top = Optional.empty();

  @Option(
      names = "--threshold",
      paramLabel = "SHARE",
      description = "Show the lines above what this share of usual ones is, as 0.001")
  private Optional<Double> share = Optional.empty();

  @Option(
      names = "--usual",
      paramLabel = "DATA",
      description = "The usual lines [validation part of the model's text]")
  private Optional<String> usual = Optional.empty();

  @Option(
      names = "--reset-per",
      paramLabel = "UNIT",
      defaultValue = "line",
      description = "Begin afresh at each line or file, or never [${DEFAULT-VALUE}]")
  private LineScoring.Reset reset = LineScoring.Reset.LINE;

  @Option(
      names = "--follow",
      description = "Show lines as they come, in a file that grows or a pipe")
  private boolean follow;

  @Option(names = "--csv", description = "CSV with a heading on standard output")
  private boolean csv;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description = "Unlikely characters: auto, always, never [${DEFAULT-VALUE}]")
  private Colour colour = Colour.AUTO;

  @Mixin private ForeignOptions foreign;
  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  ScoreCommand() {}

  @Override
  public Integer call() throws IOException {
    Terminal terminal = parent.terminal();
    Path file = model.before(positional, data, text -> positional = Optional.of(text));
    check();
    LoadedModel loaded = LoadedModel.read(file, foreign);
    String text = data.or(() -> positional).orElseThrow();
    try (Team team = common.team(terminal)) {
      Scorer scorer = scorer(loaded, team);
      LineScoring scoring =
          LineScoring.of(scorer, loaded.vocabulary(), loaded.normalisation(), reset);
      Optional<UsualLines> lines = usual(loaded);
      Optional<Threshold> threshold = lines.map(usual -> threshold(scoring, usual));
      return follow
          ? follow(scoring.atOnce(), text, threshold, terminal)
          : rank(scoring, text, lines.map(UsualLines::name), threshold, terminal);
    } catch (ArithmeticException e) {
      throw Failure.input(loaded.path() + ": " + e.getMessage(), e);
    }
  }

  private void check() {
    if (top.isPresent() && top.get() < 0) {
      throw Failure.usage("--top is " + top.get() + " but has to be 0 (all) or more");
    }
    if (csv && common.json()) {
      throw Failure.usage("--csv and --json are two forms of the same. Give one");
    }
    if (follow && (csv || top.isPresent())) {
      throw Failure.usage(
          (csv ? "--csv" : "--top")
              + " is for lines in the order of their rank, which lines that still come do not"
              + " have. Leave it or --follow out");
    }
    if (usual.isPresent() && share.isEmpty()) {
      throw Failure.usage(
          "--usual says what a threshold is taken from, but there is none. Add --threshold, such"
              + " as 0.001");
    }
  }

  private static Scorer scorer(LoadedModel loaded, Team team) {
    try {
      return Scorer.of(loaded.model(), team);
    } catch (IllegalArgumentException e) {
      throw Failure.input(loaded.path() + ": " + e.getMessage(), e);
    }
  }

  private Optional<UsualLines> usual(LoadedModel loaded) {
    return share.map(
        any ->
            usual
                .map(name -> UsualLines.named(name, dataDir, loaded))
                .orElseGet(() -> UsualLines.validation(loaded, dataDir)));
  }

  private Threshold threshold(LineScoring scoring, UsualLines usual) {
    double[] excess = scoring.excess(usual.lines());
    try {
      return Threshold.of(excess, share.orElseThrow());
    } catch (IllegalArgumentException e) {
      throw Failure.usage(
          "--threshold: "
              + usual.name()
              + ": "
              + e.getMessage()
              + ". Usual lines from elsewhere: --usual FILE",
          e);
    }
  }

  private int rank(
      LineScoring scoring,
      String text,
      Optional<String> usual,
      Optional<Threshold> threshold,
      Terminal terminal)
      throws IOException {
    TextSource source = Corpora.here(dataDir).resolve(text, terminal.in());
    Ranking ranking = new Ranking(top.orElse(threshold.isPresent() ? 0 : 10), threshold);
    for (TextSource.Skipped skipped : source.skipped()) {
      terminal.warn("skipped " + skipped.name() + ": " + skipped.reason());
    }
    for (TextSource.Part part : source.parts()) {
      try (InputStream in = part.open()) {
        scoring.read(part.name(), in, ranking::add);
      } catch (IOException e) {
        throw Failure.input(part.name() + " cannot be read: " + e.getMessage(), e);
      }
    }
    warn(scoring, terminal);
    if (ranking.lines() == 0) {
      throw Failure.input(text + " has no line. Pass a text");
    }
    if (common.json()) {
      String name = reset.name().toLowerCase(Locale.ROOT);
      terminal.out().println(ScoreRecords.json(ranking, name, threshold));
    } else if (csv) {
      String csv = ScoreRecords.csv(ranking);
      if (terminal.screen()) {
        terminal.out().print(csv);
      } else {
        // A file gets the lines as they are.
        terminal.out().raw(csv);
      }
    } else {
      show(ranking, usual, threshold, source.parts().size() > 1, terminal);
    }
    return ExitCode.DONE;
  }

  private void show(
      Ranking ranking,
      Optional<String> usual,
      Optional<Threshold> threshold,
      boolean files,
      Terminal terminal) {
    List<ScoredLine> ranked = ranking.ranked();
    StringBuilder text = new StringBuilder(Numbers.count(ranking.lines())).append(" lines");
    threshold.ifPresent(
        limit ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "; %s above %s nats, as a share of %s of the %s lines of%n%s is",
                    Numbers.count(ranking.above()),
                    Numbers.fixed(limit.excess(), 1),
                    Numbers.significant(limit.share(), 2),
                    Numbers.count(limit.lines()),
                    usual.orElseThrow())));
    terminal.out().println(text);
    if (!ranked.isEmpty()) {
      terminal.out().println();
      terminal.out().raw(table(files, terminal).of(ranked));
      if (coloured(terminal)) {
        terminal.out().println("\nColoured: characters below 5 %, and below 0.1 %.");
      }
    }
  }

  private ScoreTable table(boolean files, Terminal terminal) {
    return new ScoreTable(terminal.screen() ? WIDTH : 0, coloured(terminal), files);
  }

  private boolean coloured(Terminal terminal) {
    return switch (colour) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> terminal.screen() && System.getenv("NO_COLOR") == null;
    };
  }

  private int follow(
      LineScoring scoring, String text, Optional<Threshold> threshold, Terminal terminal)
      throws IOException {
    ScoreTable table = table(false, terminal);
    Consumer<ScoredLine> show =
        line -> {
          if (threshold.isEmpty() || threshold.get().exceededBy(line.score())) {
            if (common.json()) {
              terminal.out().println(ScoreRecords.json(line));
            } else {
              terminal.out().raw(table.alone(line) + System.lineSeparator());
            }
            terminal.out().flush();
          }
        };
    if (text.equals(Corpora.STANDARD_INPUT)) {
      TextSource.Part part = Corpora.here(dataDir).resolve(text, terminal.in()).parts().get(0);
      scoring.read(part.name(), part.open(), show);
      return ExitCode.DONE;
    }
    Path file = Path.of(text);
    if (!Files.isRegularFile(file)) {
      throw Failure.input(text + " is no file, and only a file or - can be followed. Pass one");
    }
    try (Interruption interruption = Interruption.listen();
        InputStream in = new Tail(file, () -> pause(interruption))) {
      scoring.read(text, new TextSource.Part(text, () -> in).open(), show);
    }
    return ExitCode.DONE;
  }

  private static boolean pause(Interruption interruption) {
    LockSupport.parkNanos(PAUSE);
    return !interruption.asked();
  }

  private static void warn(LineScoring scoring, Terminal terminal) {
    if (scoring.damaged() > 0) {
      terminal.warn(
          Numbers.count(scoring.damaged())
              + " lines have bytes that are no UTF-8; they count as unknown characters");
    }
    if (scoring.cut() > 0) {
      terminal.warn(
          Numbers.count(scoring.cut())
              + " lines have more than 1 MiB and are cut into several: is this a text?");
    }
  }
}
