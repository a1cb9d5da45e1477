package dev.lookback.data;

/**
 * Tokens cut by position into what is trained on, what is watched while training, and what is
 * looked at once at the end. Views; parts may be empty.
 *
 * @param training the first part
 * @param validation what follows it
 * @param test what follows that
 */
public record Split(Tokens training, Tokens validation, Tokens test) {

  /** Everything is trained on. */
  public static Split none(Tokens tokens) {
    return byCount(tokens, tokens.length(), 0, 0);
  }

  /**
   * The given fractions at the end, each rounded down to whole tokens, for validation and test; the
   * rest before them for training.
   */
  public static Split byFraction(Tokens tokens, double validation, double test) {
    if (!(validation >= 0) || !(test >= 0) || !(validation + test < 1)) {
      throw new IllegalArgumentException(
          "the fractions are "
              + validation
              + " for validation and "
              + test
              + " for test but have to be 0 or more and leave something to train on");
    }
    long forValidation = (long) (tokens.length() * validation);
    long forTest = (long) (tokens.length() * test);
    return byCount(tokens, tokens.length() - forValidation - forTest, forValidation, forTest);
  }

  /** So many tokens each from the start on; what lies behind them is left out. */
  public static Split byCount(Tokens tokens, long training, long validation, long test) {
    if (training < 0 || validation < 0 || test < 0) {
      throw new IllegalArgumentException(
          "the parts are "
              + training
              + ", "
              + validation
              + " and "
              + test
              + " characters but cannot be negative");
    }
    long length = tokens.length();
    if (training > length
        || validation > length - training
        || test > length - training - validation) {
      throw new DataException(
          "the "
              + tokens.what()
              + " has "
              + length
              + " characters but the split asks for "
              + training
              + " + "
              + validation
              + " + "
              + test
              + ". Ask for fewer, or pass more text.");
    }
    long behindValidation = training + validation;
    return new Split(
        tokens.slice(0, training).named("training " + tokens.what()),
        tokens.slice(training, behindValidation).named("validation " + tokens.what()),
        tokens.slice(behindValidation, behindValidation + test).named("test " + tokens.what()));
  }
}
