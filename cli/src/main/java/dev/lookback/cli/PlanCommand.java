package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.cli.plan.Cost;
import dev.lookback.cli.plan.Forecast;
import dev.lookback.cli.plan.Strategy;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Table;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.cli.words.Wrapped;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.gradient.LagCoverage;
import dev.lookback.gradient.Memory;
import dev.lookback.math.Team;
import dev.lookback.network.Network;
import dev.lookback.train.StatePolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Says what strategies cost before anything is trained. */
@Command(
    name = "plan",
    sortOptions = false,
    description = "Says what each way back through time costs, before anything is trained.",
    footer = {
      "",
      "Memory is that of activations, exactly as a training then counts it; of random",
      "couplings, what 99 of 100 windows need at most. Again: steps computed again for",
      "each step. Time is foretold from a few seconds of calibration. Lags: how many",
      "steps a loss looks back, on average and at least and most."
    })
final class PlanCommand implements Callable<Integer> {
  private static final int MOST_STEPS = 100_000_000;
  private static final int FEWEST_LAGS = 8;
  private static final int WIDTH = 80;

  @ParentCommand private LookbackCommand parent;

  @Option(
      names = "--vocabulary",
      paramLabel = "V",
      defaultValue = "64",
      description = "Symbols read, and classes to predict [${DEFAULT-VALUE}]")
  private int vocabulary;

  @Mixin private NetworkOptions shape;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "32",
      description = "Lanes, that is, parallel streams [${DEFAULT-VALUE}]")
  private int batch;

  @Option(
      names = "--steps",
      paramLabel = "T",
      defaultValue = "1000",
      description = "Steps of a window, that is, of an update [${DEFAULT-VALUE}]")
  private int steps;

  @Option(
      names = "--state",
      paramLabel = "POLICY",
      defaultValue = "carry",
      description = "carry or reset: what enters a window [${DEFAULT-VALUE}]")
  private StatePolicy state = StatePolicy.CARRY;

  @Option(
      names = "--memory",
      paramLabel = "BYTES",
      description = "Most activations at once, such as 64MiB [a twentieth of keeping all]")
  private Optional<String> memory = Optional.empty();

  @Option(
      names = "--couplings",
      paramLabel = "C,...",
      description = "What to plan for [full, and three kinds at T/4, T/16, T/64]")
  private Optional<String> couplings = Optional.empty();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write a page with the curve of time against memory")
  private Optional<Path> report = Optional.empty();

  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  PlanCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = parent.terminal();
    atLeast("--vocabulary", vocabulary, Integer.MAX_VALUE);
    atLeast("--batch", batch, Integer.MAX_VALUE);
    atLeast("--steps", steps, MOST_STEPS);
    shape.settle();
    List<Coupling> asked = couplings.map(CouplingNotation::parseList).orElseGet(this::usual);
    Network network = shape.forVocabulary(vocabulary);
    Forecast forecast =
        new Forecast(network, batch, steps, state == StatePolicy.CARRY, common.seed());
    Memory budget =
        memory
            .map(text -> Memory.within(ByteSize.parse("--memory", text)))
            .orElseGet(forecast::twentieth);
    List<String> impossible = new ArrayList<>();
    List<Cost> costs = costs(forecast, asked, budget, impossible);
    int own = costs.size();
    if (report.isPresent()) {
      costs.addAll(forecast.curve());
    }
    List<Strategy> timed;
    try (Team team = common.team(terminal)) {
      timed = forecast.timed(costs, team);
    }
    List<Strategy> strategies = timed.subList(0, own);
    if (common.json()) {
      terminal.out().println(Finite.of(json(strategies, impossible, budget)));
    } else {
      print(strategies, impossible, budget, terminal);
    }
    if (report.isPresent()) {
      List<Strategy> curve = timed.subList(own, timed.size());
      OutputFile.of("--report", report.get())
          .write(PlanPage.html(lead(budget), table(strategies), strategies, curve, impossible));
      if (!common.json()) {
        terminal.out().println("Report: " + report.get());
      }
    }
    return ExitCode.DONE;
  }

  private static List<Cost> costs(
      Forecast forecast, List<Coupling> asked, Memory budget, List<String> impossible) {
    List<Cost> costs = new ArrayList<>();
    for (Coupling coupling : asked) {
      Cost all = forecast.of(coupling, Memory.unlimited());
      costs.add(all);
      if (all.bytes() > budget.bytes()) {
        try {
          costs.add(forecast.of(coupling, budget));
        } catch (IllegalArgumentException e) {
          impossible.add(String.valueOf(e.getMessage()));
        }
      }
    }
    return costs;
  }

  private static void atLeast(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw Failure.usage(
          option + " is " + value + " but has to be from 1 to " + Numbers.count(most));
    }
  }

  private List<Coupling> usual() {
    List<Coupling> usual = new ArrayList<>();
    usual.add(Coupling.full());
    for (int part = 4; part <= 64 && steps / part >= FEWEST_LAGS; part *= 4) {
      int length = steps / part;
      usual.add(Coupling.fixed(length));
      usual.add(Coupling.everyLossAtLeast(length));
      usual.add(Coupling.random(length));
    }
    return usual;
  }

  private JsonObject json(List<Strategy> strategies, List<String> impossible, Memory budget) {
    JsonObject json = new JsonObject();
    json.addProperty("steps", steps);
    json.addProperty("batch", batch);
    json.addProperty("memory", budget.bytes());
    JsonArray plans = new JsonArray();
    strategies.forEach(strategy -> plans.add(strategy.json(batch)));
    json.add("plans", plans);
    JsonArray refused = new JsonArray();
    impossible.forEach(refused::add);
    json.add("impossible", refused);
    return json;
  }

  private void print(
      List<Strategy> strategies, List<String> impossible, Memory budget, Terminal terminal) {
    terminal.out().println(lead(budget));
    terminal.out().println();
    terminal.out().print(TerminalTable.render(table(strategies)));
    terminal.out().println();
    impossible.forEach(sentence -> terminal.out().println(Wrapped.of(sentence, WIDTH, "- ")));
  }

  private String lead(Memory budget) {
    return String.format(
        Locale.ROOT,
        "%s steps of %s lanes in an update; the budget is %s of activations.",
        Numbers.count(steps),
        Numbers.count(batch),
        Numbers.bytes(budget.bytes()));
  }

  private static Table table(List<Strategy> strategies) {
    Table table =
        Table.of(
            Column.text("coupling"),
            Column.text("gradient"),
            Column.number("memory"),
            Column.number("again", "/step"),
            Column.number("time", "/update"),
            Column.number("lags", "mean (range)"));
    String before = "";
    for (Strategy strategy : strategies) {
      Cost c = strategy.cost();
      table =
          table.row(
              c.label().equals(before) ? "- in the budget" : c.label(),
              c.promise().name().toLowerCase(Locale.ROOT),
              (c.bytesAreTypical() ? "~" : "") + Numbers.bytes(c.bytes()),
              Numbers.fixed(c.computed() - 1, 2),
              Numbers.duration(strategy.secondsPerUpdate()),
              Numbers.significant(c.coverage().mean(), 3) + range(c.coverage()));
      before = c.label();
    }
    return table;
  }

  private static String range(LagCoverage coverage) {
    return " (" + coverage.fewest() + "-" + coverage.most() + ")";
  }
}
