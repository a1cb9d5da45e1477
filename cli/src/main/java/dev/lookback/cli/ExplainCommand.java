package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.cell.Activation;
import dev.lookback.cli.explain.JsonPaper;
import dev.lookback.cli.explain.Lesson;
import dev.lookback.cli.explain.Pictures;
import dev.lookback.cli.explain.Subject;
import dev.lookback.cli.explain.TerminalPaper;
import dev.lookback.cli.explain.WebPaper;
import dev.lookback.gradient.Coupling;
import dev.lookback.gradient.CouplingNotation;
import dev.lookback.math.Team;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The chapter's equations with numbers in them. */
@Command(
    name = "explain",
    description = {
      "Works through the equations of backpropagation through time on a network small",
      "enough to follow: engine, book and finite differences side by side, and two",
      "pictures.",
      ""
    },
    footer = {
      "",
      "Read it beside \"Backpropagation Through Time\" of Dive into Deep Learning:",
      "  lookback explain",
      "  lookback explain \"time traveller\" --couplings full,fixed:4,random:4"
    })
final class ExplainCommand implements Callable<Integer> {
  @ParentCommand private LookbackCommand parent;

  @Mixin private CommonOptions common;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "TEXT",
      description = {
        "Characters to predict, each from those",
        "before; without it a small random network."
      })
  private Optional<String> text = Optional.empty();

  @Option(
      names = "--cell",
      paramLabel = "CELL",
      defaultValue = "elman",
      description = "elman: the equations of this cell only [${DEFAULT-VALUE}]")
  private CellKind cell;

  @Option(names = "--inputs", paramLabel = "D", description = "Inputs, without TEXT [2]")
  private Optional<Integer> inputs = Optional.empty();

  @Option(
      names = "--hidden",
      paramLabel = "H",
      defaultValue = "3",
      description = "Hidden units [${DEFAULT-VALUE}]")
  private int hidden;

  @Option(names = "--outputs", paramLabel = "O", description = "Outputs, without TEXT [2]")
  private Optional<Integer> outputs = Optional.empty();

  @Option(names = "--steps", paramLabel = "T", description = "Steps, without TEXT [3]")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--couplings",
      paramLabel = "C,..",
      defaultValue = "full,fixed:2,random:2",
      description = {
        "full, fixed:TAU, random:MEAN[,alpha=A][,floor=K],",
        "sliding:K1,K2, every-loss-at-least:K.",
        "[${DEFAULT-VALUE}]"
      })
  private String couplings;

  @Option(
      names = "--activation",
      paramLabel = "PHI",
      defaultValue = "tanh",
      description = "tanh, relu or identity [${DEFAULT-VALUE}]")
  private Activation activation;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "lookback-explain",
      description = {
        "Folder for explain.html and the pictures,",
        "or FILE.html [${DEFAULT-VALUE}]"
      })
  private Path out;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ExplainCommand() {}

  @Override
  public Integer call() {
    Subject subject = subject();
    if (!isPage()) {
      makeFolder();
    }
    Lesson lesson;
    try (Team team = common.team(parent.terminal())) {
      lesson = Lesson.about(subject, team);
    }
    if (!common.json()) {
      new TerminalPaper(parent.terminal().out()).print(lesson);
    }
    List<Path> files = write(lesson, subject);
    if (common.json()) {
      JsonObject object = JsonPaper.of(lesson);
      JsonArray paths = new JsonArray();
      files.forEach(file -> paths.add(file.toString()));
      object.add("files", paths);
      parent.terminal().out().println(object);
    } else {
      parent.terminal().out().println();
      files.forEach(file -> parent.terminal().out().println("wrote " + file));
    }
    return ExitCode.DONE;
  }

  private Subject subject() {
    if (cell != CellKind.ELMAN) {
      throw Failure.usage(
          "--cell is "
              + cell.label()
              + " but explain works through the equations of Elman's network only. Leave --cell"
              + " out; the gradient of "
              + (cell == CellKind.LSTM ? "an LSTM" : "a GRU")
              + " in numbers comes from lookback gradient");
    }
    requireSize("--hidden", hidden, Subject.WIDEST);
    List<Coupling> list = couplings();
    if (text.isEmpty()) {
      Subject.Sizes sizes =
          new Subject.Sizes(
              requireSize("--inputs", inputs.orElse(2), Subject.WIDEST),
              hidden,
              requireSize("--outputs", outputs.orElse(2), Subject.WIDEST),
              requireSize("--steps", steps.orElse(3), Subject.LONGEST_TEXT - 1),
              activation);
      return Subject.random(sizes, list, common.seed());
    }
    requireAbsent("--inputs", inputs);
    requireAbsent("--outputs", outputs);
    requireAbsent("--steps", steps);
    return Subject.ofText(requireText(text.get()), hidden, activation, list, common.seed());
  }

  private List<Coupling> couplings() {
    try {
      return CouplingNotation.parseList(couplings);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--couplings " + couplings + ": " + e.getMessage(), e);
    }
  }

  private static int requireSize(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw Failure.usage(
          option + " is " + value + " but has to be 1 to " + most + ": more cannot be followed");
    }
    return value;
  }

  private static void requireAbsent(String option, Optional<Integer> value) {
    if (value.isPresent()) {
      throw Failure.usage(
          option + " is for a random network, but TEXT says it by itself. Leave one of them out");
    }
  }

  private static String requireText(String text) {
    int characters = text.codePointCount(0, text.length());
    if (characters < 2) {
      throw Failure.usage(
          (characters == 0 ? "TEXT is empty" : "TEXT is one character")
              + " but needs 2 or more: each is to predict the next. Try \"time traveller\"");
    } else if (characters > Subject.LONGEST_TEXT) {
      throw Failure.usage(
          "TEXT has "
              + characters
              + " characters but at most "
              + Subject.LONGEST_TEXT
              + " can be followed. Shorten it; to train on a text: lookback train");
    }
    for (int i = 0; i < text.length(); i++) {
      int type = Character.getType(text.charAt(i));
      if (type == Character.CONTROL || type == Character.FORMAT) {
        throw Failure.usage(
            String.format(
                Locale.ROOT,
                "TEXT holds U+%04X, which has no sign that could be shown. Leave it out",
                (int) text.charAt(i)));
      }
    }
    return text;
  }

  private boolean isPage() {
    return out.toString().toLowerCase(Locale.ROOT).endsWith(".html");
  }

  private void makeFolder() {
    try {
      Files.createDirectories(out);
    } catch (FileAlreadyExistsException e) {
      throw Failure.running(
          "could not write to " + out + ": it is a file, not a folder. Choose another --out", e);
    } catch (IOException e) {
      throw Failure.running(
          "could not make the folder " + out + ": " + e.getMessage() + ". Choose another --out", e);
    }
  }

  private List<Path> write(Lesson lesson, Subject subject) {
    List<Path> files = new ArrayList<>();
    if (isPage()) {
      files.add(write(out, WebPaper.of(lesson)));
      return files;
    }
    Pictures pictures = new Pictures(subject);
    files.add(write(out.resolve("explain.html"), WebPaper.of(lesson)));
    files.add(write(out.resolve("graph.svg"), pictures.graph().svg()));
    if (!pictures.arrows().rows().isEmpty()) {
      files.add(write(out.resolve("couplings.svg"), pictures.arrows().svg()));
    }
    return files;
  }

  private static Path write(Path file, String content) {
    OutputFile.of("--out", file).write(content);
    return file;
  }
}
