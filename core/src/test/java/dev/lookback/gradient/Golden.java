package dev.lookback.gradient;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lookback.format.FileTensor;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import dev.lookback.network.Network;
import dev.lookback.network.State;
import dev.lookback.weights.Weights;
import dev.lookback.window.Inputs;
import dev.lookback.window.Links;
import dev.lookback.window.Targets;
import dev.lookback.window.Window;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** One case of the golden folder, as our own types. */
record Golden(
    Path folder,
    Network network,
    Weights weights,
    Window window,
    TensorFile data,
    JsonObject json) {

  /** What the planes of the state are called in the files. */
  static final List<String> STATES = List.of("h0", "c0");

  /** The folders in the order of their names. */
  static List<Path> folders() {
    try (Stream<Path> entries = Files.list(Path.of(uri()).resolveSibling(""))) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI uri() {
    try {
      return Objects.requireNonNull(Golden.class.getResource("/golden/README.md")).toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Golden read(Path folder) throws IOException {
    Model model = ModelFile.read(folder.resolve("model.safetensors"));
    TensorFile data = SafeTensors.read(folder.resolve("data.safetensors"));
    return new Golden(
        folder,
        model.network(),
        model.weights(),
        window(data),
        data,
        json(folder.resolve("case.json")));
  }

  static JsonObject json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  TensorFile expected() throws IOException {
    return SafeTensors.read(folder.resolve("expected.safetensors"));
  }

  private static Window window(TensorFile data) {
    FileTensor x = data.find("x").orElseThrow();
    FileTensor y = data.find("y").orElseThrow();
    Inputs inputs =
        x instanceof FileTensor.Ints ids
            ? new Inputs.Tokens(ids.values())
            : new Inputs.Dense(data.floats("x").values(), x.shape()[2]);
    Targets targets =
        y instanceof FileTensor.Ints ids
            ? new Targets.Classes(ids.values())
            : new Targets.Values(data.floats("y").values(), y.shape()[2]);
    return Window.of(x.shape()[0], x.shape()[1], inputs, targets);
  }

  Coupling coupling() {
    if (data.find("xi").isEmpty()) {
      return CouplingNotation.parse(json.get("coupling").getAsString());
    }
    FileTensor.Floats xi = data.floats("xi");
    return Coupling.given(
        xi.shape().length == 1
            ? Links.shared(xi.values())
            : Links.perLane(xi.values(), xi.shape()[1]));
  }

  /** The state that enters, zero unless the data has one. */
  State entering() {
    State state = State.zeros(network, window.lanes());
    for (int p = 0; p < network.top().planes(); p++) {
      if (data.find(STATES.get(p)).isPresent()) {
        float[] entering = data.floats(STATES.get(p)).values();
        int at = 0;
        for (int l = 0; l < network.cells().size(); l++) {
          float[] plane = state.layer(l)[p];
          System.arraycopy(entering, at, plane, 0, plane.length);
          at += plane.length;
        }
      }
    }
    return state;
  }

  /** Plane p of all layers, one after another: {@code [layers, B, H]}. */
  float[] flat(State state, int p) {
    float[] all = new float[0];
    for (int l = 0; l < network.cells().size(); l++) {
      float[] plane = state.layer(l)[p];
      all = Arrays.copyOf(all, all.length + plane.length);
      System.arraycopy(plane, 0, all, all.length - plane.length, plane.length);
    }
    return all;
  }
}
