package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.lookback.cli.damage.Form;
import dev.lookback.cli.damage.Trial;
import dev.lookback.format.FileTensor;
import dev.lookback.format.ModelFile;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The commands that read files, each with one damaged file among good ones. */
final class CommandReaders {
  private final Path folder;
  private final Path text;
  private final Path empty;

  CommandReaders(Path folder) {
    this.folder = folder;
    this.text = Samples.text(folder);
    this.empty = Samples.write(folder.resolve("empty.txt"), "");
  }

  List<Trial> all() throws IOException {
    Path runs = Files.createDirectory(folder.resolve("runs"));
    Path good = run(runs.resolve("good"), "--cell", "lstm");
    List<Trial> all = new ArrayList<>();
    all.addAll(models(good));
    all.addAll(runs(good));
    for (String coupling : List.of("full", "sliding:2,9", "auto")) {
      all.addAll(resumed(coupling));
    }
    all.addAll(replayed("full", "1e6"));
    all.addAll(replayed("sliding:3,9", "3"));
    all.addAll(replayed("random:4,per-lane", "1e6"));
    all.add(config(good));
    return all;
  }

  private Path run(Path run, String... more) {
    String[] args = Samples.tiny("train", text, more);
    Cli cli = Cli.run(Samples.and(args, "--run", run.toString(), "--threads", "1"));
    assertThat(cli.code()).as(cli.err()).isIn(ExitCode.DONE, ExitCode.DIVERGED);
    return run;
  }

  /**
   * Whether a command has read a file; where it has not, it says so of this file, ends with the
   * code of bad input or of wrong usage, and its folder is as it was.
   */
  private boolean reads(Path damaged, Path place, String... args) throws IOException {
    List<String> before = names(place);
    Cli cli = Cli.run(Samples.and(args, "--threads", "1"));
    if (cli.code() == ExitCode.DONE || cli.code() == ExitCode.DIVERGED) {
      assertThat(names(place)).noneMatch(name -> name.endsWith(".tmp"));
      return true;
    }
    assertThat(cli.code()).as(cli.err()).isIn(ExitCode.USAGE, ExitCode.INPUT);
    assertThat(cli.err()).contains("lookback: ");
    Refusal.require(cli.err(), damaged);
    assertThat(names(place)).isEqualTo(before);
    return false;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).filter(name -> !name.endsWith(".lock")).sorted().toList();
    }
  }

  private List<Trial> models(Path run) throws IOException {
    Path place = Files.createDirectory(folder.resolve("models"));
    Path file = place.resolve("damaged.safetensors");
    Path model = run.resolve("model.safetensors");
    TensorFile whole = SafeTensors.read(model);
    byte[] bytes = Files.readAllBytes(model);
    Path foreign = folder.resolve("foreign.safetensors");
    SafeTensors.write(foreign, TensorFile.of(whole.tensors()));
    List<String> symbols = ModelFile.read(model).vocabulary().orElseThrow();
    Path list = place.resolve("symbols.json");
    Path out = place.resolve("out.safetensors");
    String[] generate = {"generate", "--length", "5", "--model"};
    String[] evaluate = {"evaluate", text.toString(), "--model"};
    String[] export = {"export", "--safetensors", out.toString(), "--model"};
    String[] theirs = {"--cell", "lstm", "--symbols", list.toString()};
    String[] gradient = {
      "gradient", "--model=" + model, "--out=" + out, "--data=" + place.resolve("batch.safetensors")
    };
    byte[] json = new Gson().toJson(symbols).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return List.of(
        trial("generate --model", bytes, Form.TENSORS, file, Samples.and(generate, file + "")),
        trial("evaluate --model", bytes, Form.TENSORS, file, Samples.and(evaluate, file + "")),
        trial("export --model", bytes, Form.TENSORS, file, Samples.and(export, file + "")),
        trial(
            "generate --symbols",
            json,
            Form.TEXT,
            list,
            Samples.and(Samples.and(generate, foreign + ""), theirs)),
        trial(
            "gradient --data",
            batch(symbols.size()),
            Form.TENSORS,
            place.resolve("batch.safetensors"),
            gradient));
  }

  private byte[] batch(int symbols) throws IOException {
    Path file = folder.resolve("batch.safetensors");
    TensorFile batch =
        TensorFile.of(Map.of())
            .with("x", FileTensor.of(new int[] {1, 2, 3, 4, 5, 6}, 3, 2))
            .with("y", FileTensor.of(new int[] {2, 3, 4, 5, 6, symbols - 1}, 3, 2))
            .with("h0", FileTensor.of(new float[16], 1, 2, 8))
            .with("c0", FileTensor.of(new float[16], 1, 2, 8))
            .with("xi", FileTensor.of(new float[] {1, 1, 0, 2, 1, 1}, 3, 2));
    SafeTensors.write(file, batch);
    return Files.readAllBytes(file);
  }

  // What the one before wrote is no leftover of this one.
  private Trial trial(String name, byte[] whole, Form form, Path file, String... args) {
    Trial.Attempt attempt =
        damaged -> {
          Files.deleteIfExists(file.resolveSibling("out.safetensors"));
          Files.write(file, damaged);
          return reads(file, folder.resolve("models"), args);
        };
    return new Trial(name, "", form, whole, attempt);
  }

  private List<Trial> runs(Path good) throws IOException {
    Path bad = run(good.resolveSibling("bad"), "--coupling", "fixed:4");
    List<Trial> all = new ArrayList<>();
    for (String name : List.of("run.json", "metrics.csv")) {
      Path file = bad.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      all.add(
          new Trial(
              "runs",
              name,
              Form.TEXT,
              whole,
              damaged -> listed(good.resolveSibling("."), file, damaged, whole)));
      Trial.Attempt compared =
          damaged -> {
            Files.write(file, damaged);
            try {
              return reads(file, bad, "runs", "compare", good.toString(), bad.toString());
            } finally {
              Files.write(file, whole);
            }
          };
      all.add(new Trial("runs compare", name, Form.TEXT, whole, compared));
    }
    return all;
  }

  // A list has the good run in any case.
  private boolean listed(Path runs, Path file, byte[] damaged, byte[] whole) throws IOException {
    Files.write(file, damaged);
    try {
      Cli cli = Cli.run("runs", runs.normalize().toString());
      assertThat(cli.code()).as(cli.err()).isZero();
      assertThat(cli.out()).contains("\ngood ");
      boolean left = !cli.err().isEmpty();
      assertThat(cli.out().contains("\nbad ")).isEqualTo(!left);
      if (left) {
        assertThat(cli.err()).startsWith("warning: left out ");
        Refusal.require(cli.err(), file);
      }
      return !left;
    } finally {
      Files.write(file, whole);
    }
  }

  private List<Trial> resumed(String coupling) throws IOException {
    String[] how = {"--coupling", coupling, "--checkpoint-every", "2", "--keep", "1"};
    String[] audited =
        coupling.equals("full") ? new String[] {"--audit-every", "3"} : new String[0];
    Path run =
        run(folder.resolve("resumed " + coupling.replace(':', ' ')), Samples.and(how, audited));
    Files.delete(run.resolve("report.html"));
    List<Path> files;
    try (Stream<Path> all = Files.walk(run)) {
      files = all.filter(Files::isRegularFile).filter(f -> !f.endsWith(".lock")).toList();
    }
    Path checkpoint = run.resolve("checkpoints/update-000000004.safetensors");
    Path copy = run.resolveSibling("copy of " + run.getFileName());
    List<Trial> all = new ArrayList<>();
    for (Path file : List.of(run.resolve("run.json"), checkpoint)) {
      Form form = file.equals(checkpoint) ? Form.CHECKPOINT : Form.TEXT;
      Trial.Attempt attempt =
          damaged -> {
            clear(copy);
            for (Path one : files) {
              Path to = copy.resolve(run.relativize(one));
              Files.createDirectories(to.getParent());
              Files.write(to, one.equals(file) ? damaged : Files.readAllBytes(one));
            }
            return goesOn(copy, copy.resolve(run.relativize(file)));
          };
      String name = coupling + " " + file.getFileName();
      all.add(new Trial("train --resume", name, form, Files.readAllBytes(file), attempt));
    }
    return all;
  }

  // The only checkpoint there is, or the record: where it cannot be used, the run is as it was, but
  // for a damaged checkpoint that was put aside.
  private boolean goesOn(Path run, Path damaged) throws IOException {
    byte[] metrics = Files.readAllBytes(run.resolve("metrics.csv"));
    byte[] record = Files.readAllBytes(run.resolve("run.json"));
    Cli cli =
        Cli.run(
            "train", "--resume=" + run, "--data=" + text, "--updates=6", "--threads=1", "--keep=1");
    // It went on to weights that are no numbers and had nothing to print a sample of.
    boolean without = cli.err().contains(run.resolve("model.safetensors") + ": the model's scores");
    if (cli.code() == ExitCode.DONE || cli.code() == ExitCode.DIVERGED || without) {
      return true;
    }
    assertThat(cli.code()).as(cli.err()).isIn(ExitCode.USAGE, ExitCode.INPUT);
    Refusal.require(cli.err(), damaged);
    assertThat(run.resolve("metrics.csv")).hasBinaryContent(metrics);
    assertThat(run.resolve("run.json")).hasBinaryContent(record);
    assertThat(names(run)).noneMatch(name -> name.endsWith(".tmp") || name.endsWith(".html"));
    return false;
  }

  private static void clear(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  private List<Trial> replayed(String coupling, String rate) throws IOException {
    String[] exploding = {"--coupling", coupling, "--clip", "0", "--optimizer", "sgd"};
    String[] fast = {"--activation", "identity", "--updates", "400", "--lr", rate};
    Path run = run(folder.resolve("diverged " + coupling.charAt(0)), Samples.and(exploding, fast));
    Path bundle;
    try (Stream<Path> files = Files.list(run)) {
      bundle = files.filter(f -> f.getFileName().toString().startsWith("div")).toList().get(0);
    }
    List<Trial> all = new ArrayList<>();
    for (String name : List.of("incident.safetensors", "model.safetensors")) {
      Path file = bundle.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      Form form = name.startsWith("i") ? Form.CHECKPOINT : Form.TENSORS;
      Trial.Attempt attempt =
          damaged -> {
            Files.write(file, damaged);
            try {
              return replays(bundle, file);
            } finally {
              Files.write(file, whole);
            }
          };
      all.add(new Trial("replay", coupling + " " + name, form, whole, attempt));
    }
    return all;
  }

  // An update that is another now ends in another way, and that is said.
  private boolean replays(Path bundle, Path damaged) throws IOException {
    Cli cli = Cli.run("replay", bundle.toString(), "--threads", "1");
    if (cli.code() == ExitCode.FAILED && cli.err().contains("does not end as it did")) {
      return true;
    } else if (cli.code() == ExitCode.DIVERGED) {
      return true;
    }
    assertThat(cli.code()).as(cli.err()).isIn(ExitCode.USAGE, ExitCode.INPUT);
    Refusal.require(cli.err(), damaged);
    return false;
  }

  // The options are looked at before the text is, and an empty text ends it.
  private Trial config(Path run) throws IOException {
    Path file = folder.resolve("config.json");
    Trial.Attempt attempt =
        damaged -> {
          Files.write(file, damaged);
          Cli cli = Cli.run("train", empty.toString(), "--config", file.toString());
          if (cli.code() == ExitCode.INPUT && cli.err().contains(empty + " is empty")) {
            return true;
          }
          assertThat(cli.code()).as(cli.err()).isIn(ExitCode.USAGE, ExitCode.INPUT);
          Refusal.require(cli.err(), file);
          return false;
        };
    byte[] whole = Files.readAllBytes(run.resolve("run.json"));
    return new Trial("train --config", "run.json", Form.TEXT, whole, attempt);
  }
}
