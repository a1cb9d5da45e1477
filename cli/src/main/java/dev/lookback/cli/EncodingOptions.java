package dev.lookback.cli;

import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.Normalisation;
import dev.lookback.data.VocabularyRule;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How a text becomes ids, where no model says it. */
final class EncodingOptions {
  private static final String TEXT = "text";
  private static final int BEGINNING = 16_384;
  private static final Pattern TABLE = Pattern.compile("(?i)\\.(csv|tsv|tab)(\\.gz)?$");

  @Option(
      names = "--normalise",
      paramLabel = "HOW",
      defaultValue = "none",
      description = "none, letters, letters-by-line [${DEFAULT-VALUE}]; --as=text: a CSV")
  private String normalise = "none";

  @Option(
      names = "--as",
      hidden = true, // the help of --normalise has it
      paramLabel = "text",
      description = "Learn DATA as characters, though it looks like a table")
  private Optional<String> as = Optional.empty();

  @Option(
      names = "--vocabulary",
      paramLabel = "ORDER",
      defaultValue = "sorted",
      description = "sorted or frequency: the order of the ids [${DEFAULT-VALUE}]")
  private String vocabulary = "sorted";

  CorpusOptions over(CorpusOptions options) {
    if (as.isPresent() && !as.get().equals(TEXT)) {
      throw Failure.usage("--as is \"" + as.get() + "\" but has to be " + TEXT);
    }
    return options.normalisedBy(normalisation()).encodedBy(rule());
  }

  /** Tells that a table is learned as characters, unless that was said to be meant. */
  void warnOfTable(Corpus corpus, Terminal terminal) {
    boolean meant = as.isPresent() || normalisation() != Normalisation.NONE;
    String file = corpus.source().parts().get(0).name();
    boolean named = TABLE.matcher(file).find();
    int length = (int) Math.min(BEGINNING, corpus.tokens().length());
    String beginning = meant ? "" : corpus.vocabulary().decode(corpus.tokens().toArray(0, length));
    TableLook.columns(beginning, named)
        .ifPresent(
            columns ->
                terminal.warn(
                    file
                        + " looks like a table of "
                        + columns
                        + " columns (CSV), but is learned as text: the next character is predicted,"
                        + " digits and separators included, not the next row. If that is meant, say"
                        + " so with --as "
                        + TEXT));
  }

  Normalisation normalisation() {
    try {
      return Normalisation.of(normalise);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(
          "--normalise is \"" + normalise + "\" but has to be none, letters or letters-by-line", e);
    }
  }

  private VocabularyRule rule() {
    return switch (vocabulary) {
      case "sorted" -> VocabularyRule.sorted();
      case "frequency" -> VocabularyRule.byFrequency();
      default ->
          throw Failure.usage(
              "--vocabulary is \"" + vocabulary + "\" but has to be sorted or frequency");
    };
  }
}
