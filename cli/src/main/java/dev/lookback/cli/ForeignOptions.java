package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.lookback.cell.Activation;
import dev.lookback.cell.Cell;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cli.words.Brief;
import dev.lookback.data.DataException;
import dev.lookback.data.Vocabulary;
import dev.lookback.format.Assumptions;
import dev.lookback.format.FormatException;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.network.Readout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a model of another program is, whose file does not say. */
final class ForeignOptions {
  @Option(names = "--cell", paramLabel = "CELL", description = "elman, gru or lstm")
  private Optional<CellKind> cell = Optional.empty();

  @Option(
      names = "--activation",
      paramLabel = "PHI",
      description = "Of --cell elman: tanh, relu or identity [tanh]")
  private Optional<Activation> activation = Optional.empty();

  @Option(
      names = "--gru-reset",
      paramLabel = "SIDE",
      description = "Of --cell gru: after or before the product [after]")
  private Optional<Gru.Reset> gruReset = Optional.empty();

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description = "cross-entropy or squared-error [cross-entropy]")
  private Optional<String> loss = Optional.empty();

  @Option(
      names = "--symbols",
      paramLabel = "FILE",
      description = "JSON: its characters in the order of their ids")
  private Optional<Path> symbols = Optional.empty();

  @Option(
      names = "--rename",
      paramLabel = "A=B,...",
      description = "Its tensors or modules by our names, such as fc=decoder")
  private Optional<String> names = Optional.empty();

  /**
   * The model in a file.
   *
   * @throws dev.lookback.format.FormatException if it is none
   */
  Model read(Path file) {
    Assumptions assumptions = assumptions();
    Model model;
    try {
      model = ModelFile.read(file, assumptions);
    } catch (IOException e) {
      throw Failure.input(String.valueOf(e.getMessage()));
    } catch (FormatException e) {
      throw blamed(e);
    }
    Cell top = model.network().top();
    if (activation.isPresent() && !(top instanceof Elman)) {
      throw misplaced("--activation", file, top, "takes no activation");
    } else if (gruReset.isPresent() && !(top instanceof Gru)) {
      throw misplaced("--gru-reset", file, top, "has no reset gate");
    }
    return model;
  }

  // Which of two files it is that does not fit the other, nobody knows: both are named.
  private RuntimeException blamed(FormatException e) {
    String message = String.valueOf(e.getMessage());
    return symbols.isPresent() && message.contains("vocabulary")
        ? Failure.input(message + ". The vocabulary is from --symbols " + symbols.get(), e)
        : e;
  }

  private static Failure misplaced(String option, Path file, Cell top, String lack) {
    return Failure.usage(
        option
            + " does not go with "
            + file
            + ", whose cell "
            + top.label()
            + " "
            + lack
            + ". Leave it out");
  }

  /** The loss, if it was said. */
  Optional<String> loss() {
    return loss;
  }

  private static Readout.Kind outputs(String loss) {
    return switch (loss) {
      case "cross-entropy" -> Readout.Kind.SOFTMAX;
      case "squared-error" -> Readout.Kind.LINEAR;
      default ->
          throw Failure.usage(
              "--loss is \"" + loss + "\" but has to be cross-entropy or squared-error");
    };
  }

  private Assumptions assumptions() {
    Assumptions said = Assumptions.none();
    if (cell.isPresent()) {
      said = said.cell(cell.get().label());
    }
    if (activation.isPresent()) {
      said = said.activation(activation.get());
    }
    if (gruReset.isPresent()) {
      said = said.reset(gruReset.get());
    }
    if (loss.isPresent()) {
      said = said.outputs(outputs(loss.get()));
    }
    if (symbols.isPresent()) {
      said = withSymbols(said, symbols.get());
    }
    for (String pair : names.map(text -> text.split(",", -1)).orElse(new String[0])) {
      said = renamed(said, pair);
    }
    return said;
  }

  private static Assumptions withSymbols(Assumptions said, Path file) {
    List<String> symbols = symbols(file);
    try {
      return said.vocabulary(Vocabulary.of(symbols).symbols());
    } catch (DataException | IllegalArgumentException e) {
      throw Failure.input("--symbols " + file + ": " + e.getMessage(), e);
    }
  }

  private static Assumptions renamed(Assumptions said, String pair) {
    String[] sides = pair.strip().split("=", -1);
    if (sides.length != 2 || sides[0].isBlank() || sides[1].isBlank()) {
      throw Failure.usage(
          "--rename has \""
              + pair
              + "\" but needs pairs THEIRS=OURS, such as fc=decoder,lookup=embedding");
    }
    return said.renaming(sides[0].strip(), sides[1].strip());
  }

  private static List<String> symbols(Path file) {
    JsonElement root;
    try {
      root = JsonParser.parseString(SmallFile.text(file));
    } catch (JsonParseException | StackOverflowError e) {
      throw Failure.input("--symbols " + file + " is not JSON. " + form(), e);
    } catch (IOException e) {
      throw Failure.input(
          "--symbols " + file + " cannot be read: " + e.getMessage() + ". Check it", e);
    }
    if (root instanceof JsonArray list) {
      return list.asList().stream().map(element -> symbol(file, element)).toList();
    } else if (root instanceof JsonObject object) {
      return idsAreKeys(object) ? byKey(file, object) : byId(file, object);
    }
    throw Failure.input("--symbols " + file + " is no list of symbols. " + form());
  }

  private static String symbol(Path file, JsonElement element) {
    if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()) {
      return element.getAsString();
    }
    throw Failure.input(
        "--symbols " + file + " has " + Brief.of(element.toString()) + " as a symbol. " + form());
  }

  // Other programs write a map for each direction.
  private static boolean idsAreKeys(JsonObject object) {
    return object.entrySet().stream()
        .allMatch(
            entry ->
                entry.getKey().matches("[0-9]{1,9}")
                    && entry.getValue().isJsonPrimitive()
                    && entry.getValue().getAsJsonPrimitive().isString());
  }

  private static List<String> byKey(Path file, JsonObject object) {
    JsonObject turned = new JsonObject();
    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
      String symbol = symbol(file, entry.getValue());
      if (turned.has(symbol)) {
        throw Failure.input(
            String.format(
                Locale.ROOT,
                "--symbols %s has \"%s\" twice, as %s and as %s",
                file,
                Brief.of(symbol),
                turned.get(symbol).getAsString(),
                entry.getKey()));
      }
      turned.addProperty(symbol, Integer.valueOf(entry.getKey()));
    }
    return byId(file, turned);
  }

  // Symbols as keys, ids as values: every id from 0 on has to be there once.
  private static List<String> byId(Path file, JsonObject object) {
    String[] symbols = new String[object.size()];
    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
      int id = id(entry.getValue());
      if (id < 0 || id >= symbols.length || symbols[id] != null) {
        throw Failure.input(
            String.format(
                Locale.ROOT,
                "--symbols %s gives \"%s\" the id %s, but %d symbols need the ids 0 to %d, each"
                    + " once",
                file,
                Brief.of(entry.getKey()),
                Brief.of(entry.getValue().toString()),
                symbols.length,
                symbols.length - 1));
      }
      symbols[id] = entry.getKey();
    }
    return new ArrayList<>(Arrays.asList(symbols));
  }

  private static int id(JsonElement value) {
    try {
      return value.getAsInt();
    } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
      return -1;
    }
  }

  private static String form() {
    return "It has to be a JSON list in the order of the ids, such as [\"\\n\", \" \", \"a\"], or an"
        + " object such as {\"\\n\": 0, \" \": 1, \"a\": 2} or"
        + " {\"0\": \"\\n\", \"1\": \" \", \"2\": \"a\"}";
  }
}
