package dev.lookback.train;

import dev.lookback.cell.Cell;
import dev.lookback.data.Sampling;
import dev.lookback.message.Visible;
import dev.lookback.network.Network;
import dev.lookback.weights.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a training has to have in common with one that was saved, in words. */
final class Identity {
  private static final int MOST_SHOWN = 100;

  private Identity() {}

  static void save(Trainer trainer, Sampling sampling, Snapshot.Writer to) {
    words(trainer, sampling).forEach(to::put);
  }

  /** Refuses another trainer's or other data's, with the difference. */
  static void require(Trainer trainer, Sampling sampling, Snapshot from) {
    words(trainer, sampling)
        .forEach(
            (name, here) -> {
              if (!from.has(name)) {
                throw new IllegalArgumentException(
                    "what was saved does not say its "
                        + name
                        + ", and this training has "
                        + here
                        + ": that it would go on as it was cannot be known. Go on with the version"
                        + " that saved it, or begin anew");
              }
              String saved = from.word(name);
              if (!saved.equals(here)) {
                throw new IllegalArgumentException(
                    "the training that was saved had the "
                        + name
                        + " "
                        + Visible.brief(saved, MOST_SHOWN)
                        + " but this one has "
                        + here
                        + ": it would not go on as it was");
              }
            });
  }

  private static Map<String, String> words(Trainer trainer, Sampling sampling) {
    Network network = trainer.network();
    Map<String, String> words = new LinkedHashMap<>();
    words.put("coupling", trainer.policy().label());
    words.put("memory", Long.toString(trainer.method().memory().bytes()));
    words.put("loss", trainer.method().lossFor(network.readout()).label());
    words.put("refresh", Boolean.toString(trainer.method().refresh()));
    words.put("state", trainer.state().label());
    words.put("stride", trainer.stride().label());
    words.put("seed", Long.toString(trainer.seed()));
    words.put("cells", String.join(" ", network.cells().stream().map(Identity::shape).toList()));
    words.put("weights", Integer.toString(network.layout().size()));
    words.put("dropout", Double.toString(network.dropout()));
    words.put("sampling", sampling.getClass().getSimpleName());
    words.put("lanes", Integer.toString(sampling.lanes()));
    words.put("steps", Integer.toString(sampling.steps()));
    return words;
  }

  private static String shape(Cell cell) {
    return cell.label() + ":" + cell.inputs() + "x" + cell.hidden();
  }
}
