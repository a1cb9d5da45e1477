package dev.lookback.cli;

import dev.lookback.cli.corpus.Corpora;
import dev.lookback.cli.report.Numbers;
import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.Tokens;
import dev.lookback.data.VocabularyRule;
import java.util.Locale;
import java.util.Optional;

/**
 * A text that a model is measured on. Where it is the text of the run that made the model, what the
 * run says of it holds: how much of it, and which part is which. What is typed goes before that.
 *
 * @param corpus the text
 * @param tokens its ids, as many as are meant
 * @param own whether the model's run learned from it
 * @param split its parts
 * @param splitOfRun whether those are of the run, and not the usual ones
 */
record ModelText(Corpus corpus, Tokens tokens, boolean own, String split, boolean splitOfRun)
    implements AutoCloseable {
  /** What stands for a text as a whole. */
  static final String ALL = "all";

  private static final String MOST = "max-tokens";
  private static final String SPLIT = "split";

  /** Reads it; what is typed and differs from the run's is told. */
  static ModelText read(TextOptions text, LoadedModel loaded, Terminal terminal) {
    RunSettings run = loaded.settings();
    Optional<Long> most = run.whole(MOST);
    CorpusOptions options =
        text.corpusOptions()
            .normalisedBy(loaded.normalisation())
            .encodedBy(VocabularyRule.fixed(loaded.vocabulary()));
    boolean pipe = text.name().equals(Corpora.STANDARD_INPUT);
    if (pipe && text.maxTokens().isEmpty() && most.isPresent() && run.isOf(text.name())) {
      // It may have no end, which the run knew.
      options = options.endingAt(most.get());
      terminal.tell("settings", taken(MOST, most.get().toString()));
    }
    Corpus corpus = text.read(terminal, options);
    try {
      return of(corpus, text, run, terminal);
    } catch (RuntimeException e) {
      corpus.close();
      throw e;
    }
  }

  private static ModelText of(Corpus corpus, TextOptions text, RunSettings run, Terminal terminal) {
    Optional<Long> most = run.whole(MOST);
    boolean same = run.isOf(corpus);
    boolean own = same || (run.isOf(text.name()) && !text.name().equals(Corpora.STANDARD_INPUT));
    Tokens tokens = corpus.tokens();
    if (!own) {
      return new ModelText(corpus, tokens, false, text.split(), false);
    }
    if (!same) {
      terminal.warn(
          text.name()
              + " has changed since the run that made this model learned from it, so its parts are"
              + " not where they were");
    }
    if (text.maxTokens().isPresent()) {
      warn(MOST, most.map(String::valueOf).orElse("all"), text.maxTokens().get() + "", terminal);
    } else if (most.isPresent() && most.get() < tokens.length()) {
      tokens = tokens.slice(0, most.get());
      terminal.tell("settings", taken(MOST, most.get().toString()));
    }
    String split = run.option(SPLIT).orElse(TextOptions.DEFAULT_SPLIT);
    if (text.saidSplit().isPresent()) {
      warn(SPLIT, split, text.split(), terminal);
      split = text.split();
    }
    boolean ofRun = text.saidSplit().isEmpty() && !split.equals(TextOptions.DEFAULT_SPLIT);
    return new ModelText(corpus, tokens, true, split, ofRun);
  }

  private static String taken(String option, String value) {
    return "As in the run that made this model: --" + option + " " + value;
  }

  private static void warn(String option, String run, String typed, Terminal terminal) {
    if (!run.equals(typed)) {
      terminal.warn(
          String.format(
              Locale.ROOT,
              "the run that made this model had --%s %s; with --%s %s, parts are not those that it"
                  + " learned from and was judged by",
              option,
              run,
              option,
              typed));
    }
  }

  /** A part of it, or all. */
  Tokens part(String part, Terminal terminal) {
    if (splitOfRun && !part.equals(ALL)) {
      terminal.tell("settings", taken(SPLIT, split));
    }
    return TextOptions.part(part, split, tokens);
  }

  /** Says how much of the text the model's vocabulary does not have. */
  void warnOfUnknown(Terminal terminal) {
    if (corpus.unknown() > 0) {
      terminal.warn(
          Numbers.count(corpus.unknown())
              + " characters of the text are not in the model's vocabulary and count as unknown");
    }
  }

  @Override
  public void close() {
    corpus.close();
  }
}
