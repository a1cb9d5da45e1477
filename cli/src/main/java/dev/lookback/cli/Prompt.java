package dev.lookback.cli;

import dev.lookback.cli.words.Brief;
import dev.lookback.data.Normalisation;
import dev.lookback.data.Vocabulary;
import java.util.Locale;

/** What a model is asked to continue. */
final class Prompt {
  private Prompt() {}

  /**
   * The prompt as a model sees it.
   *
   * @param typed what the user gave
   * @param normalisation what was done to the text
   * @param vocabulary what the model knows
   * @param whose what lacks a character that is not in the vocabulary
   */
  static String of(String typed, Normalisation normalisation, Vocabulary vocabulary, String whose) {
    String prompt = normalisation.apply(typed);
    if (prompt.isEmpty()) {
      String after =
          normalisation == Normalisation.NONE
              ? ""
              : " after the text's normalisation, " + normalisation.option();
      throw Failure.usage(
          "the prompt is empty"
              + after
              + ". Give --prompt at least one character, or leave it out");
    }
    prompt
        .codePoints()
        .filter(c -> !vocabulary.contains(c))
        .findFirst()
        .ifPresent(
            c -> {
              throw Failure.usage(
                  String.format(
                      Locale.ROOT,
                      "the prompt has \"%s\" (U+%04X), which %s does not have. Leave it out, or"
                          + " train on text that has it",
                      Brief.of(Character.toString(c)),
                      c,
                      whose));
            });
    return prompt;
  }
}
