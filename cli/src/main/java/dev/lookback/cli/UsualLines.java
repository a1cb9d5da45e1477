package dev.lookback.cli;

import dev.lookback.cli.corpus.Corpora;
import dev.lookback.cli.score.TextLines;
import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.DataException;
import dev.lookback.data.TextSource;
import dev.lookback.data.Tokens;
import dev.lookback.data.Vocabulary;
import dev.lookback.data.VocabularyRule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lines that are usual and that a model has not learned from, which a threshold is taken from.
 *
 * @param name what they are
 * @param lines they
 */
record UsualLines(String name, List<String> lines) {
  // Stands for characters that the vocabulary does not have; no vocabulary has it.
  private static final int REPLACEMENT = 0xFFFD;
  private static final int CHUNK = 1 << 16;

  /** All lines of a text that someone names, read as those that are scored. */
  static UsualLines named(String text, Optional<Path> dataDir, LoadedModel model) {
    boolean keepsReturns = model.vocabulary().contains('\r');
    TextSource source = Corpora.here(dataDir).resolve(text, new ByteArrayInputStream(new byte[0]));
    List<String> lines = new ArrayList<>();
    for (TextSource.Part part : source.parts()) {
      try (InputStream in = part.open()) {
        TextLines read = new TextLines(in, keepsReturns);
        for (Optional<String> line = read.next(); line.isPresent(); line = read.next()) {
          lines.add(model.normalisation().apply(line.get()));
        }
      } catch (IOException e) {
        throw Failure.input(part.name() + " cannot be read: " + e.getMessage(), e);
      }
    }
    if (lines.isEmpty()) {
      throw Failure.input(text + " has no line. Name usual lines: --usual FILE");
    }
    return new UsualLines(text, lines);
  }

  /** The lines of the validation part of the text that a model was trained on. */
  static UsualLines validation(LoadedModel model, Optional<Path> dataDir) {
    if (!model.vocabulary().contains('\n')) {
      throw Failure.usage(
          model.path()
              + " was trained on text without line ends, so that its validation part has no lines"
              + " to take the threshold from. Name usual lines that it has not learned from:"
              + " --usual FILE");
    }
    String text =
        model
            .settings()
            .option("data")
            .orElseThrow(
                () ->
                    Failure.usage(
                        model.path()
                            + " does not say which text it was trained on, so there is no"
                            + " validation part to take the threshold from. Name usual lines that"
                            + " it has not learned from: --usual FILE"));
    if (text.equals(Corpora.STANDARD_INPUT)) {
      throw Failure.usage(
          model.path()
              + " was trained on standard input, which is gone. Name usual lines that it has not"
              + " learned from: --usual FILE");
    }
    RunSettings run = model.settings();
    // A log grows: what was there at the training is its beginning.
    try (Corpus corpus = learned(text, dataDir, model, run.characters())) {
      if (!run.isOf(corpus)) {
        throw Failure.input(
            text
                + " has changed since "
                + model.path()
                + " was trained on it, so it is not known which lines the model has not learned"
                + " from. Name usual lines instead: --usual FILE");
      }
      Tokens tokens = corpus.tokens();
      long most = run.whole("max-tokens").orElse(Long.MAX_VALUE);
      Tokens used = tokens.slice(0, Math.min(most, tokens.length()));
      String split = run.option("split").orElse(TextOptions.DEFAULT_SPLIT);
      Tokens validation = TextOptions.split(split, used).validation();
      boolean inside = validation.length() < tokens.length();
      return new UsualLines(
          "the validation part of " + text, lines(validation, model.vocabulary(), inside));
    }
  }

  private static Corpus learned(
      String text, Optional<Path> dataDir, LoadedModel model, Optional<Long> characters) {
    try {
      return read(text, dataDir, model, characters.orElse(Long.MAX_VALUE));
    } catch (DataException e) {
      throw Failure.input(
          "the text that "
              + model.path()
              + " was trained on, which the threshold is taken from, cannot be read: "
              + e.getMessage()
              + " Or name other usual lines: --usual FILE",
          e);
    }
  }

  private static Corpus read(
      String text, Optional<Path> dataDir, LoadedModel model, long characters) {
    CorpusOptions options =
        CorpusOptions.standard()
            .normalisedBy(model.normalisation())
            .encodedBy(VocabularyRule.fixed(model.vocabulary()))
            .endingAt(characters);
    TextSource source = Corpora.here(dataDir).resolve(text, new ByteArrayInputStream(new byte[0]));
    return Corpus.read(source, options);
  }

  // A part of a text may begin and end inside a line.
  private static List<String> lines(Tokens tokens, Vocabulary vocabulary, boolean inside) {
    int unknown = vocabulary.unknown().orElse(-1);
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int[] ids = new int[CHUNK];
    for (long at = 0; at < tokens.length(); ) {
      int count = tokens.read(at, ids, 0, CHUNK);
      for (int i = 0; i < count; i++) {
        String symbol = vocabulary.symbol(ids[i]);
        if (symbol.equals("\n")) {
          lines.add(line.toString());
          line.setLength(0);
        } else if (ids[i] == unknown) {
          line.appendCodePoint(REPLACEMENT);
        } else {
          line.append(symbol);
        }
      }
      at += count;
    }
    if (!inside && !line.isEmpty()) {
      lines.add(line.toString());
    }
    return inside && !lines.isEmpty() ? lines.subList(1, lines.size()) : lines;
  }
}
