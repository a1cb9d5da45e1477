package dev.lookback.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lookback.analysis.Audit;
import dev.lookback.cli.report.Axis;
import dev.lookback.cli.report.Column;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Page;
import dev.lookback.cli.report.Table;
import dev.lookback.gradient.Coupling;
import dev.lookback.network.Network;
import dev.lookback.train.Stride;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The comparison's page. */
final class ComparisonPage {
  private final Comparison comparison;
  private final List<Contender> contenders;
  private final ComparisonFigures figures;
  private final JsonObject record;
  private final Page page = Page.titled("How far back does credit go?");

  /**
   * Of a comparison.
   *
   * @param record what it takes to run it again
   */
  ComparisonPage(Comparison comparison, List<Contender> contenders, JsonObject record) {
    this.comparison = comparison;
    this.contenders = contenders;
    this.figures = new ComparisonFigures(comparison, contenders);
    this.record = record;
  }

  String html(Verdict verdict) {
    page.lead(lead());
    page.verdict(verdict.headline(), verdict.reasons().toArray(String[]::new));
    results();
    courses();
    gradients();
    models();
    looks();
    settings();
    return page.html();
  }

  private void results() {
    page.section("What each coupling gave and cost");
    page.table("At the end of training" + spread() + ".", ComparisonTable.results(contenders));
    page.figure(
        figures.quality(
            Axis.linear("training time").as(Axis.Kind.SECONDS), run -> run.outcome().seconds()),
        "Quality against time" + points() + " Left and low is good." + howTheyRan());
    page.figure(
        figures.quality(
            Axis.log("activations").as(Axis.Kind.BYTES),
            run -> run.outcome().peakActivationBytes()),
        "Quality against memory" + points() + " Left and low is good." + budget());
    page.table(
        "How many steps losses look back in training, their own one counted: over all losses, and"
            + " of random couplings over all draws. Where the data begins afresh they look back no"
            + " further. Longest segment: the most steps that had to be remembered at once."
            + " Memory: the peak of every array that grows with time, counted, in whole"
            + " blocks of steps. Computed per step: 1 where everything was remembered.",
        ComparisonTable.reaches(contenders));
  }

  private void courses() {
    page.section("How they learned");
    if (comparison.plan().conditions().stride() == Stride.OWN) {
      String steps = comparison.material().steps();
      page.figure(
          figures.course(steps, Axis.linear(steps + " learned from"), CurvePoint::tokens),
          "Validation " + score().name() + " by " + steps + against() + seedsNote());
    }
    page.figure(
        figures.course("updates", Axis.linear("updates"), CurvePoint::update),
        "Validation " + score().name() + " by updates" + against() + seedsNote());
    page.figure(
        figures.course(
            "seconds", Axis.linear("training time").as(Axis.Kind.SECONDS), CurvePoint::seconds),
        "Validation "
            + score().name()
            + " by time, without validation and audits"
            + seedsNote()
            + howTheyRan());
  }

  private void gradients() {
    page.section("What it did to the gradient");
    page.paragraph(
        "On held-out windows, against the exact gradient of the same weights. The variance is of"
            + " one draw averaged over these windows; the draw that a single window trains with"
            + " varies by as many times more as there are windows. The mean of R draws of an"
            + " unbiased estimate is off by about its standard error.");
    Meanings.addTo(page);
    page.figure(
        figures.audits(
            "relative bias", Axis.linear("relative bias").as(Axis.Kind.PERCENT).withZero(), true),
        "Relative bias with its standard error. Before training all have the same weights; later"
            + " each is measured at its own.");
    page.figure(
        figures.audits("cosine", Axis.linear("cosine with the exact gradient"), false),
        "Direction: 1 is the exact gradient's.");
    page.table("The audit at the end.", ComparisonTable.audits(contenders));
    parts();
  }

  private void models() {
    page.section("What it did to the model");
    page.table(
        "Whether truncation makes simpler models: the gap between validation and training loss, the"
            + " size of the recurrence, and how fast credit fades in the trained network. The"
            + " training loss is a mean over the last epoch, at the weights of each moment, so"
            + " where a network still learns fast the gap comes out below zero.",
        ComparisonTable.models(contenders));
    page.figure(
        figures.lags(),
        "How far back the last step's loss reaches in each trained network: |dl_T/dh_(T-k)| by lag"
            + " k, mean over the lanes"
            + (comparison.plan().seeds().count() > 1 ? ", first seed." : "."));
  }

  private void looks() {
    if (figures.hasArrows()) {
      page.section("What the couplings look like");
      boolean all = contenders.stream().noneMatch(c -> c.coupling() instanceof Coupling.Sliding);
      page.figure(
          figures.arrows(),
          "A row for each coupling: the links over which credit goes back, as drawn here."
              + (all ? "" : " Sliding couplings are not drawn: their sweeps overlap."));
    }
  }

  private void settings() {
    page.section("To run it again");
    page.paragraph(
        "comparison.json beside this page has every setting, and on the same data the same"
            + " results come out, but for times. comparison.csv has every point of every curve.");
    page.code("lookback compare --config comparison.json");
    Table made = Table.of(Column.text("made with"), Column.text(""));
    for (Map.Entry<String, JsonElement> entry : record.entrySet()) {
      if (entry.getValue().isJsonPrimitive()) {
        made = made.row(entry.getKey(), entry.getValue().getAsString());
      }
    }
    for (Map.Entry<String, JsonElement> entry : record.getAsJsonObject("data").entrySet()) {
      if (entry.getValue().isJsonPrimitive()) {
        made = made.row("data: " + entry.getKey(), entry.getValue().getAsString());
      }
    }
    page.table("Program, machine and data.", made);
    Table options = Table.of(Column.text("option"), Column.text("value"));
    for (Map.Entry<String, JsonElement> entry : record.getAsJsonObject("options").entrySet()) {
      options = options.row("--" + entry.getKey(), entry.getValue().getAsString());
    }
    page.table("Every option, as typed or by default.", options);
  }

  private String lead() {
    Comparison.Plan plan = comparison.plan();
    return String.format(
        Locale.ROOT,
        "The same network (%s), initial weights, data order, optimiser and batch on %s. %s %s",
        network(plan.network()),
        comparison.material().name(),
        plan.conditions().stride() == Stride.WINDOW
            ? "All update every "
                + record.getAsJsonObject("options").get("steps").getAsString()
                + " steps: only how credit goes back differs."
            : "Each updates at its own cuts, as in the papers.",
        equal(plan.conditions()));
  }

  private String equal(Comparison.Conditions conditions) {
    String limit =
        switch (conditions.equal()) {
          case TIME ->
              "Each learns for "
                  + Numbers.duration(conditions.limits().seconds().orElseThrow())
                  + ", after a warm-up that does not count.";
          case UPDATES, MEMORY ->
              conditions.limits().seconds().isPresent()
                  ? "Each ends at the first limit that it reaches."
                  : "Each learns from as many " + comparison.material().steps() + ".";
        };
    return limit
        + (conditions.memory().budget().isPresent()
            ? " Each keeps to "
                + Numbers.bytes(conditions.memory().bytes())
                + " of activations while it learns."
            : "");
  }

  private static String network(Network network) {
    int layers = network.cells().size();
    String units = network.top().hidden() + " units";
    return network.top().label() + ", " + (layers == 1 ? units : layers + " layers of " + units);
  }

  private String spread() {
    return several() ? ", mean ± standard deviation over the seeds" : "";
  }

  private boolean several() {
    return comparison.plan().seeds().count() > 1;
  }

  private String points() {
    return several()
        ? ": a ring for each seed, their mean with a standard deviation to both sides."
        : ".";
  }

  private String budget() {
    return comparison.plan().conditions().memory().budget().isPresent()
        ? " What did not fit was computed again."
        : "";
  }

  private String seedsNote() {
    return several()
        ? "; mean of "
            + comparison.plan().seeds().count()
            + " seeds, the band is lowest to highest."
        : ".";
  }

  private Score score() {
    return comparison.material().score();
  }

  private String against() {
    return comparison
        .material()
        .task()
        .map(
            task ->
                String.format(
                    Locale.ROOT,
                    " (optimum %s; %s)",
                    TaskNames.number(task.optimum()),
                    TaskNames.lesser(task)))
        .orElse("");
  }

  private void parts() {
    page.details("The same for each parameter block");
    for (Contender c : contenders) {
      Table table =
          Table.of(
              Column.text("tensor"),
              Column.number("relative bias"),
              Column.number("variance", "|g|²"),
              Column.number("cosine"),
              Column.number("descends"));
      List<Contender.Moment> moments = c.runs().get(0).moments();
      for (Audit.Part part : moments.get(moments.size() - 1).report().parts()) {
        Audit.Finding f = part.finding();
        table =
            table.row(
                part.tensor(),
                Numbers.percent(f.relativeBias()),
                Numbers.significant(f.variance(), 3),
                Numbers.fixed(f.cosine(), 3),
                Numbers.percent(f.descends()));
      }
      page.table(c.label() + ", at the end" + (c.runs().size() > 1 ? ", first seed" : ""), table);
    }
    page.endDetails();
  }

  private String howTheyRan() {
    return comparison.takesTurns()
        ? " The couplings took turns of a quarter of a second."
        : " The couplings ran one after another; on a busy machine times say little.";
  }
}
