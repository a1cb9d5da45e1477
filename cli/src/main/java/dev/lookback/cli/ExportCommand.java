package dev.lookback.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lookback.cli.onnx.OnnxFile;
import dev.lookback.cli.onnx.Port;
import dev.lookback.cli.pytorch.Snippet;
import dev.lookback.cli.report.Numbers;
import dev.lookback.format.FormatException;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import dev.lookback.network.Readout;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Writes a model for other programs. */
@Command(
    name = "export",
    sortOptions = false,
    description = {
      "Writes a model for other programs: as ONNX, as safetensors with PyTorch's",
      "names, and as lines of Python that load those."
    },
    footer = {
      "",
      "ONNX: x int64 [T, B] of token ids or float [T, B, D]; h0 (and c0) [layers, B, H]",
      "the state that enters, hn (and cn) the state after the last step, logits",
      "[T, B, O]. T and B are free. Feed hn, cn as the next call's h0, c0."
    })
final class ExportCommand implements Callable<Integer> {
  @ParentCommand private LookbackCommand parent;

  @Mixin private ModelOption model;

  @Option(names = "--onnx", paramLabel = "FILE", description = "Write it as ONNX")
  private Optional<Path> onnx = Optional.empty();

  @Option(
      names = "--safetensors",
      paramLabel = "FILE",
      description = "Write it as safetensors that says all, whatever the original lacks")
  private Optional<Path> safetensors = Optional.empty();

  @Option(
      names = "--pytorch-snippet",
      description = "Print the lines of Python that load the safetensors file")
  private boolean snippet;

  @Option(
      names = "--inputs",
      paramLabel = "KIND",
      description = "tokens or numbers [tokens if its loss is cross-entropy]")
  private Optional<OnnxFile.Given> inputs = Optional.empty();

  @Mixin private ForeignOptions foreign;
  @Mixin private CommonOptions common;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  ExportCommand() {}

  @Override
  public Integer call() throws IOException {
    if (onnx.isEmpty() && safetensors.isEmpty() && !snippet) {
      throw Failure.usage(
          "nothing to export to. Say --onnx FILE, --safetensors FILE or --pytorch-snippet");
    }
    Path file = LoadedModel.file(model.alone());
    for (Optional<Path> out : List.of(onnx, safetensors)) {
      requireOwnPlace(out, file);
    }
    if (onnx.isPresent() && onnx.equals(safetensors)) {
      throw Failure.usage("--onnx and --safetensors are the same file, " + onnx.get());
    }
    Model loaded = foreign.read(file);
    UnendedRun.tell(file, loaded, parent.terminal());
    JsonObject result = new JsonObject();
    result.addProperty("model", file.toString());
    try {
      export(loaded, file, result);
    } catch (FormatException e) {
      throw e.in(file);
    }
    if (common.json()) {
      parent.terminal().out().println(result);
    }
    return ExitCode.DONE;
  }

  private static void requireOwnPlace(Optional<Path> out, Path file) throws IOException {
    if (out.isPresent() && Files.exists(out.get()) && Files.isSameFile(out.get(), file)) {
      throw Failure.usage(
          "the model would be written over itself, " + file + ". Name another file");
    }
  }

  private void export(Model loaded, Path file, JsonObject result) throws IOException {
    OnnxFile.Given given = inputs.orElse(usual(loaded));
    // What cannot be said is refused before anything is written.
    Optional<OnnxFile> graph = onnx.map(path -> new OnnxFile(loaded, given));
    Optional<Snippet> python =
        snippet
            ? Optional.of(new Snippet(loaded, given == OnnxFile.Given.TOKENS))
            : Optional.empty();
    Path named = safetensors.orElse(file);
    if (python.isPresent() && safetensors.isEmpty()) {
      requireLoadable(loaded, file);
    }
    if (safetensors.isPresent()) {
      OutputFile.of("--safetensors", safetensors.get()).write(to -> ModelFile.write(to, loaded));
      tell(safetensors.get(), result, "safetensors");
    }
    if (graph.isPresent()) {
      Path target = onnx.orElseThrow();
      OutputFile.of("--onnx", target).write(to -> graph.get().write(to, LookbackCommand.version()));
      describe(graph.get(), target, result);
    }
    python.ifPresent(lines -> print(lines.text(named.toString()), result));
  }

  private static OnnxFile.Given usual(Model loaded) {
    boolean classes = loaded.network().readout().kind() == Readout.Kind.SOFTMAX;
    boolean tokens = classes || loaded.network().embedding().isPresent();
    return tokens ? OnnxFile.Given.TOKENS : OnnxFile.Given.NUMBERS;
  }

  // Another program's file may have other names, one bias of two, or no vocabulary.
  private static void requireLoadable(Model loaded, Path file) throws IOException {
    TensorFile needed = ModelFile.contents(loaded);
    TensorFile found = SafeTensors.read(file);
    boolean symbols = found.metadata().containsKey("lookback.vocabulary");
    if (!found.tensors().keySet().equals(needed.tensors().keySet())
        || symbols != loaded.vocabulary().isPresent()) {
      throw Failure.usage(
          file
              + " does not have all that the lines would load, under the names that they load. Add"
              + " --safetensors FILE: they then load what is written there");
    }
  }

  private PrintStream notes() {
    // Where the lines of Python are the result, nothing else may stand between them.
    return snippet ? parent.terminal().err() : parent.terminal().out();
  }

  private long tell(Path target, JsonObject result, String key) throws IOException {
    long size = Files.size(target);
    JsonObject written = new JsonObject();
    written.addProperty("file", target.toString());
    written.addProperty("bytes", size);
    result.add(key, written);
    if (!common.json()) {
      notes().println(target + ": " + key + ", " + Numbers.count(size) + " bytes");
    }
    return size;
  }

  private void describe(OnnxFile graph, Path target, JsonObject result) throws IOException {
    tell(target, result, "onnx");
    JsonObject written = result.getAsJsonObject("onnx");
    written.addProperty("opset", OnnxFile.OPSET);
    written.add("inputs", json(graph.takes()));
    written.add("outputs", json(graph.gives()));
    if (!common.json()) {
      graph.takes().forEach(port -> notes().println(line("in ", port)));
      graph.gives().forEach(port -> notes().println(line("out", port)));
    }
  }

  private static String line(String side, Port port) {
    return String.format(
        Locale.ROOT,
        "  %s %-6s %-5s %-20s %s",
        side,
        port.name(),
        port.type().label(),
        "[" + String.join(", ", port.shape()) + "]",
        port.says());
  }

  private static JsonArray json(List<Port> ports) {
    JsonArray array = new JsonArray();
    for (Port port : ports) {
      JsonObject object = new JsonObject();
      object.addProperty("name", port.name());
      object.addProperty("type", port.type().label());
      JsonArray shape = new JsonArray();
      port.shape().forEach(shape::add);
      object.add("shape", shape);
      object.addProperty("says", port.says());
      array.add(object);
    }
    return array;
  }

  private void print(String lines, JsonObject result) {
    result.addProperty("pytorch", lines);
    if (!common.json()) {
      parent.terminal().out().print(lines);
    }
  }
}
