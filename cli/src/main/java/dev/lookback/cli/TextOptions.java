package dev.lookback.cli;

import dev.lookback.cli.corpus.Corpora;
import dev.lookback.cli.words.Brief;
import dev.lookback.data.Corpus;
import dev.lookback.data.CorpusOptions;
import dev.lookback.data.Split;
import dev.lookback.data.TextSource;
import dev.lookback.data.Tokens;
import dev.lookback.data.task.Task;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The text, and how it becomes ids. */
final class TextOptions {
  private static final List<String> OF_TEXTS =
      List.of(
          "--data-dir",
          "--max-tokens",
          "--split",
          "--normalise",
          "--vocabulary",
          "--sampling",
          "--window-stride",
          "--part");

  /** The parts of a text where nobody says. */
  static final String DEFAULT_SPLIT = "0.9,0.1,0";

  private static final int MOST_NAMED = 5;
  private static final String WHAT = "File, folder, -, task:NAME, corpus [training: sources]";

  @Parameters(index = "0+", arity = "0..1", paramLabel = "DATA", description = WHAT)
  private Optional<String> positional = Optional.empty();

  @Option(names = "--data", paramLabel = "DATA", description = WHAT)
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where built-in texts are; also LOOKBACK_DATA")
  private Optional<Path> dataDir = Optional.empty();

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Use the first N characters; read no more of a pipe")
  private Optional<Long> maxTokens = Optional.empty();

  @Option(
      names = "--split",
      paramLabel = "T,V,E",
      description = "Training, validation, test: parts or counts [" + DEFAULT_SPLIT + "]")
  private Optional<String> split = Optional.empty();

  private boolean settled;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  TextOptions() {}

  /** What was asked for; what is typed goes before what a config file says. */
  String name() {
    boolean typed = spec.commandLine().getParseResult().hasMatchedOption("--data");
    if (positional.isPresent() && typed && !settled && !positional.equals(data)) {
      throw Failure.usage(
          "the data is given twice, as \""
              + positional.get()
              + "\" and as --data "
              + data.get()
              + ". Give it once");
    }
    return settled ? data.orElseThrow() : positional.or(() -> data).orElse(Corpora.DEFAULT);
  }

  /** The data by its option. */
  Optional<String> named() {
    return data;
  }

  /** What stands for the data, without its option. */
  Optional<String> positional() {
    return positional;
  }

  /** Takes what stands where a command expects another word first, and is data after all. */
  void instead(String first) {
    positional = Optional.of(first);
  }

  /** Makes the positional form the option's value too, so that a run's record has it. */
  void settle() {
    data = Optional.of(task().map(task -> TaskNames.PREFIX + task.label()).orElseGet(this::name));
    split = Optional.of(split());
    settled = true;
  }

  /** The task that was asked for, if it was one; options of texts do not go with it. */
  Optional<Task> task() {
    Optional<Task> task = TaskNames.of(name());
    for (String option : task.isPresent() ? OF_TEXTS : List.<String>of()) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw Failure.usage(
            option
                + " is for texts, but "
                + name()
                + " is made up as training goes on and has no end. Leave it out");
      }
    }
    return task;
  }

  /** Reads the text; close it. */
  Corpus read(Terminal terminal, CorpusOptions options) {
    TextSource source = Corpora.here(dataDir).resolve(name(), terminal.in());
    warnOfSkipped(source, terminal);
    return Corpus.read(source, options);
  }

  // A line for each reason where many files share one.
  private static void warnOfSkipped(TextSource source, Terminal terminal) {
    Map<String, List<String>> names =
        source.skipped().stream()
            .collect(
                Collectors.groupingBy(
                    TextSource.Skipped::reason,
                    LinkedHashMap::new,
                    Collectors.mapping(TextSource.Skipped::name, Collectors.toList())));
    names.forEach(
        (reason, all) -> {
          if (all.size() <= MOST_NAMED) {
            all.forEach(name -> terminal.warn("skipped " + name + ": " + reason));
          } else {
            terminal.warn(
                "skipped " + all.size() + " files or folders: " + reason + ": " + Brief.list(all));
          }
        });
  }

  /** How much of the text to take. */
  CorpusOptions corpusOptions() {
    CorpusOptions options = CorpusOptions.standard();
    if (maxTokens.isPresent() && maxTokens.get() < 1) {
      throw Failure.usage("--max-tokens is " + maxTokens.get() + " but has to be 1 or more");
    }
    if (maxTokens.isEmpty()) {
      return options;
    }
    // A pipe may have no end.
    return name().equals(Corpora.STANDARD_INPUT)
        ? options.endingAt(maxTokens.get())
        : options.limitedTo(maxTokens.get());
  }

  /** How much was said to be taken. */
  Optional<Long> maxTokens() {
    return maxTokens;
  }

  /** The parts that were said. */
  Optional<String> saidSplit() {
    return split;
  }

  /** The parts, said or not. */
  String split() {
    return split.orElse(DEFAULT_SPLIT);
  }

  /** Cuts the ids into parts. */
  Split split(Tokens tokens) {
    return split(split(), tokens);
  }

  /** Cuts ids into parts as --split says. */
  static Split split(String split, Tokens tokens) {
    String[] parts = split.split(",", -1);
    if (parts.length != 3) {
      throw splitFailure(split);
    }
    double[] values = new double[3];
    try {
      for (int i = 0; i < 3; i++) {
        values[i] = Double.parseDouble(parts[i].strip());
      }
    } catch (NumberFormatException e) {
      throw splitFailure(split);
    }
    boolean fractions = Math.abs(values[0] + values[1] + values[2] - 1) < 1e-9;
    if (fractions) {
      return Split.byFraction(tokens, values[1], values[2]);
    }
    boolean whole = values[0] >= 1;
    for (double value : values) {
      whole &= value >= 0 && value == Math.rint(value);
    }
    if (!whole) {
      throw splitFailure(split);
    }
    return Split.byCount(tokens, (long) values[0], (long) values[1], (long) values[2]);
  }

  /** The part of the ids that an option --part names. */
  static Tokens part(String part, String how, Tokens tokens) {
    if (part.equals(ModelText.ALL)) {
      return tokens;
    }
    Split split = split(how, tokens);
    return switch (part) {
      case "training" -> split.training();
      case "validation" -> split.validation();
      case "test" -> split.test();
      default ->
          throw Failure.usage(
              "--part is \"" + part + "\" but has to be all, training, validation or test");
    };
  }

  private static Failure splitFailure(String split) {
    return Failure.usage(
        "--split is \""
            + split
            + "\" but needs three parts: fractions that sum to 1, such as 0.8,0.1,0.1, or counts,"
            + " such as 10000,2000,0");
  }
}
