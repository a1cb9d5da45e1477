package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.cli.report.Axis;
import dev.lookback.cli.report.LineChart;
import dev.lookback.cli.report.Numbers;
import dev.lookback.cli.report.Series;
import dev.lookback.train.CouplingChoice;
import java.util.List;
import java.util.Optional;

/**
 * What a policy chose in one training.
 *
 * @param list first choice first; one at least, and of many some that lie evenly among all
 * @param made how many there were
 * @param updates how many the training had
 */
record Choices(List<CouplingChoice> list, long made, long updates) {
  Choices {
    list = List.copyOf(list);
  }

  /** Nothing for a training with one coupling. */
  static Optional<Choices> of(List<CouplingChoice> list, long made, long updates) {
    return list.isEmpty() ? Optional.empty() : Optional.of(new Choices(list, made, updates));
  }

  private CouplingChoice first() {
    return list.get(0);
  }

  private CouplingChoice last() {
    return list.get(list.size() - 1);
  }

  private long changes() {
    long changes = 0;
    for (int i = 1; i < list.size(); i++) {
      changes += list.get(i).coupling().equals(list.get(i - 1).coupling()) ? 0 : 1;
    }
    return changes;
  }

  /** In two sentences: how long, and why. */
  String summary(String policy) {
    // Between those that are kept there may have been more.
    String times =
        made > list.size()
            ? changes() + " times or more"
            : changes() == 1 ? "once" : changes() + " times";
    return policy
        + ": K "
        + Numbers.count(first().steps())
        + " first, "
        + Numbers.count(last().steps())
        + " last, changed "
        + times
        + " in "
        + Numbers.count(made)
        + (made == 1 ? " measurement. " : " measurements. ")
        + last().coupling().label()
        + " at the end: "
        + last().why()
        + ".";
  }

  /** For run.json. */
  JsonArray json() {
    JsonArray array = new JsonArray();
    for (CouplingChoice choice : list) {
      JsonObject one = new JsonObject();
      one.addProperty("update", choice.update());
      one.addProperty("coupling", choice.coupling().label());
      one.addProperty("truncation", choice.steps());
      one.addProperty("bias_bound", choice.bound());
      one.addProperty("decay", choice.decay());
      one.addProperty("kept", choice.kept());
      one.addProperty("why", choice.why());
      array.add(one);
    }
    return array;
  }

  /** K over the updates, constant between choices. */
  LineChart chart() {
    double[] x = new double[2 * list.size()];
    double[] y = new double[2 * list.size()];
    for (int i = 0; i < list.size(); i++) {
      boolean lasts = i + 1 == list.size();
      x[2 * i] = list.get(i).update();
      long until = lasts ? Math.max(updates, list.get(i).update()) : list.get(i + 1).update();
      x[2 * i + 1] = until;
      y[2 * i] = list.get(i).steps();
      y[2 * i + 1] = y[2 * i];
    }
    return LineChart.of(
        "Truncation", Axis.linear("updates"), Axis.linear("K").in("steps"), Series.of("K", x, y));
  }

  /** The length in a line of metrics; empty for what is no choice. */
  static String cell(List<CouplingChoice> choices) {
    return choices.isEmpty() ? "" : Integer.toString(choices.get(choices.size() - 1).steps());
  }
}
