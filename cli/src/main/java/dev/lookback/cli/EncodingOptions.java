package dev.lookback.cli;

import dev.lookback.data.CorpusOptions;
import dev.lookback.data.Normalisation;
import dev.lookback.data.VocabularyRule;
import picocli.CommandLine.Option;

/** How a text becomes ids, where no model says it. */
final class EncodingOptions {
  @Option(
      names = "--normalise",
      paramLabel = "HOW",
      defaultValue = "none",
      description = "none, letters or letters-by-line [${DEFAULT-VALUE}]")
  private String normalise = "none";

  @Option(
      names = "--vocabulary",
      paramLabel = "ORDER",
      defaultValue = "sorted",
      description = "sorted or frequency: the order of the ids [${DEFAULT-VALUE}]")
  private String vocabulary = "sorted";

  CorpusOptions over(CorpusOptions options) {
    return options.normalisedBy(normalisation()).encodedBy(rule());
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
