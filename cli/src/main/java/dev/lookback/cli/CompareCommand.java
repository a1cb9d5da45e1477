package dev.lookback.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.cli.config.ResolvedOptions;
import dev.lookback.cli.report.TerminalTable;
import dev.lookback.cli.words.Wrapped;
import dev.lookback.data.Corpus;
import dev.lookback.data.task.Task;
import dev.lookback.gradient.CouplingPolicy;
import dev.lookback.gradient.PolicyNotation;
import dev.lookback.math.Team;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Trains the same network with several couplings and shows what each gave and cost. */
@Command(
    name = "compare",
    sortOptions = false,
    description = {"Trains one network through several couplings: what each gave and cost."})
final class CompareCommand implements Callable<Integer> {
  private static final long DEFAULT_UPDATES = 800;
  private static final int TEXT_WIDTH = 79;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  @ParentCommand private LookbackCommand parent;
  @Spec private CommandSpec spec;
  @Mixin private TextOptions text;
  @Mixin private EncodingOptions encoding;

  @Option(
      names = "--couplings",
      paramLabel = "C,...",
      defaultValue = "full,fixed:8,fixed:35,random:35",
      description = "As in train --help [${DEFAULT-VALUE}]")
  private String couplings = "";

  @Mixin private EqualOption equal;
  @Mixin private StrideOption strides;
  @Mixin private NetworkOptions shape;
  @Mixin private LoopOptions loop;
  @Mixin private LearningOptions learning;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Runs of each coupling, seeds --seed and on [${DEFAULT-VALUE}]")
  private int seeds;

  @Option(
      names = "--draws",
      paramLabel = "R",
      defaultValue = "16",
      description = "Draws of a random coupling in an audit [${DEFAULT-VALUE}]")
  private int draws;

  @Option(
      names = "--audit-windows",
      paramLabel = "N",
      defaultValue = "4",
      description = "Held-out windows of an audit [${DEFAULT-VALUE}]")
  private int auditWindows;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "lookback-comparison",
      description = "For report.html, its numbers [${DEFAULT-VALUE}]")
  private Path out = Path.of("lookback-comparison");

  @Mixin private LogOption log;
  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  CompareCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = log.of(parent.terminal());
    List<CouplingPolicy> parsed = PolicyNotation.parseList(couplings);
    check(parsed);
    Optional<Task> task = text.task();
    task.ifPresent(loop::fit);
    Optimizer optimizer = learning.optimizer();
    EqualOption.Equal what = equal.what(loop.limits());
    LoopOptions.Limits said = equal.complete(loop.limits(), DEFAULT_UPDATES);
    LoopOptions.Limits limits = said.inTokens((long) loop.steps() * loop.batch());
    text.settle();
    shape.settle();
    strides.settle(strides.said());
    loop.settle(said);
    equal.settle(what);
    makeFolder();
    Initialization initialization = shape.initialization();
    try (Material material = material(task, terminal);
        Team team = common.team(terminal)) {
      Network network = material.network(shape);
      Comparison.Plan plan =
          new Comparison.Plan(
              network,
              parsed,
              optimizer,
              new Comparison.Conditions(what, strides.said(), loop.state(), limits, equal.memory()),
              new Comparison.Seeds(seeds, common.seed()),
              new Comparison.Audits(draws, auditWindows));
      parsed.forEach(c -> material.requireRoom(c, strides.said()));
      Comparison comparison = new Comparison(plan, material, team);
      comparison.requireMemory();
      try (Interruption interruption = Interruption.listen()) {
        List<Contender> contenders =
            comparison.run(
                seed -> network.initialize(initialization, seed), interruption, terminal);
        if (interruption.asked()) {
          terminal.tell(
              "interrupted",
              contenders.isEmpty()
                  ? "Interrupted before a coupling was finished: there is nothing to show."
                  : "Interrupted. What was finished until then:",
              new JsonObject());
        }
        if (!contenders.isEmpty()) {
          JsonObject record = ComparisonRecord.of(spec, material, team);
          conclude(comparison, contenders, record, terminal);
        }
        return interruption.asked() ? ExitCode.INTERRUPTED : ExitCode.DONE;
      }
    }
  }

  private Material material(Optional<Task> task, Terminal terminal) {
    if (task.isPresent()) {
      return new TaskMaterial(task.get(), loop);
    }
    Corpus corpus = text.read(terminal, encoding.over(text.corpusOptions()));
    encoding.warnOfTable(corpus, terminal);
    TextMaterial material = TextMaterial.of(corpus, text, loop);
    long found = material.split().validation().length();
    if (found <= loop.steps()) {
      material.close();
      throw Failure.input(
          "the validation part has "
              + found
              + " characters but a window of --steps "
              + loop.steps()
              + " needs "
              + (loop.steps() + 1)
              + ". Lower --steps, pass more text, or give --split a larger second part");
    }
    return material;
  }

  private void conclude(
      Comparison comparison, List<Contender> contenders, JsonObject record, Terminal terminal) {
    Verdict verdict = Verdict.of(contenders, comparison.material().task());
    write("report.html", new ComparisonPage(comparison, contenders, record).html(verdict));
    write("comparison.json", GSON.toJson(Finite.of(record)) + "\n");
    ComparisonFiles files = new ComparisonFiles(contenders, common.seed());
    write("comparison.csv", files.curves());
    write("summary.csv", files.summary());
    write("audits.csv", files.audits());
    tell(comparison, contenders, verdict, terminal);
  }

  private void check(List<CouplingPolicy> parsed) {
    Set<String> seen = new HashSet<>();
    for (CouplingPolicy coupling : parsed) {
      if (!seen.add(coupling.label())) {
        throw Failure.usage("--couplings has " + coupling.label() + " twice");
      }
      strides.requireGoesWith(coupling);
    }
    if (seeds < 1 || auditWindows < 1) {
      throw Failure.usage("--seeds and --audit-windows have to be 1 or more");
    }
    if (draws < 2) {
      throw Failure.usage("--draws is " + draws + " but a variance needs 2 or more");
    }
  }

  private void makeFolder() {
    try {
      Files.createDirectories(out);
      if (!Files.isWritable(out)) {
        throw Failure.running(out + " cannot be written to. Name another with --out", null);
      }
    } catch (IOException e) {
      throw Failure.running(
          out + " is no folder and cannot be made one. Name another with --out", e);
    }
  }

  private void write(String name, String content) {
    OutputFile.of("--out", out.resolve(name)).write(content);
  }

  private void tell(
      Comparison comparison, List<Contender> contenders, Verdict verdict, Terminal terminal) {
    Material material = comparison.material();
    if (common.json()) {
      JsonObject json = new JsonObject();
      json.add(
          "couplings", ComparisonTable.json(contenders, comparison.plan().conditions().memory()));
      JsonArray sentences = new JsonArray();
      sentences.add(verdict.headline());
      verdict.reasons().forEach(sentences::add);
      json.add("verdict", sentences);
      material.task().ifPresent(task -> TaskNames.describe(task, json));
      json.add("options", ResolvedOptions.of(spec));
      json.addProperty("report", out.resolve("report.html").toString());
      terminal.out().println(Finite.of(json));
      return;
    }
    terminal.out().print(TerminalTable.render(ComparisonTable.results(contenders)));
    double best = contenders.stream().mapToDouble(Contender::result).min().orElseThrow();
    material
        .task()
        .map(task -> Wrapped.of(TaskNames.against(task, best), TEXT_WIDTH, ""))
        .ifPresent(terminal.out()::println);
    terminal.out().println();
    terminal.out().println("Steps that losses look back, and what it takes to remember them:");
    terminal.out().print(TerminalTable.render(ComparisonTable.reaches(contenders)));
    terminal.out().println();
    terminal.out().println("Gradient against the exact one, at the end:");
    terminal.out().print(TerminalTable.render(ComparisonTable.audits(contenders)));
    terminal.out().println();
    terminal.out().println(Wrapped.of(verdict.headline(), TEXT_WIDTH, ""));
    for (String reason : verdict.reasons()) {
      terminal.out().println(Wrapped.of(reason, TEXT_WIDTH, "- "));
    }
    terminal.out().println();
    terminal.out().println("Report: " + out.resolve("report.html"));
    terminal
        .out()
        .println(
            "Numbers: " + out.resolve("summary.csv") + "; audits.csv, comparison.csv (curves)");
  }
}
