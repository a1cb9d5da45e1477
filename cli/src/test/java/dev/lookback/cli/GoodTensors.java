package dev.lookback.cli;

import dev.lookback.cell.Activation;
import dev.lookback.cell.Biases;
import dev.lookback.cell.Elman;
import dev.lookback.cell.Gru;
import dev.lookback.cell.Lstm;
import dev.lookback.format.FileTensor;
import dev.lookback.format.Model;
import dev.lookback.format.ModelFile;
import dev.lookback.format.TensorFile;
import dev.lookback.network.Initialization;
import dev.lookback.network.Network;
import dev.lookback.network.Readout;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Good models of every kind, as the bytes of their files. */
final class GoodTensors {
  private static final List<String> SYMBOLS = List.of("a", "\"", "\n", "\ud83d\ude00");
  private static final int IDS = SYMBOLS.size();

  private GoodTensors() {}

  /** Every cell; one and two layers, with and without an embedding, of text and of numbers. */
  static Map<String, TensorFile> models() {
    Readout text = Readout.softmax(IDS);
    Map<String, TensorFile> models = new LinkedHashMap<>();
    for (Activation phi : Activation.values()) {
      Elman cell = new Elman(IDS, 3, phi, Biases.BOTH, false);
      models.put("elman " + phi.label(), of(Network.of(cell, text)));
    }
    for (Gru.Reset reset : Gru.Reset.values()) {
      Gru cell = new Gru(IDS, 3, Biases.INPUT, true, reset);
      models.put("gru " + reset.label(), of(Network.of(cell, text)));
    }
    Lstm low = new Lstm(2, 3, Biases.INPUT, true, 1);
    Network deep = new Network(List.of(low, Lstm.of(3, 2)), text);
    models.put("lstm", of(deep.withEmbedding(IDS)));
    Network values = Network.of(Lstm.of(2, 3), Readout.linear(1).withoutBias());
    models.put("values", of(values));
    return models;
  }

  private static TensorFile of(Network network) {
    boolean text = network.readout().kind() == Readout.Kind.SOFTMAX;
    return ModelFile.contents(
        new Model(
            network,
            network.initialize(Initialization.uniform(), 5),
            text ? Optional.of(SYMBOLS) : Optional.empty(),
            Optional.of("{\"options\":{\"normalise\":\"none\",\"steps\":3}}")));
  }

  /** The same as a program has it that says nothing of itself. */
  static TensorFile foreign(TensorFile model) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>();
    model
        .tensors()
        .forEach(
            (name, tensor) ->
                tensors.put(
                    "module." + name.replace("rnn.", "lstm.").replace("decoder.", "fc."), tensor));
    return TensorFile.of(tensors);
  }

  /** A file whose numbers are of one kind; they are small ones, so that every kind has them. */
  static byte[] bytes(TensorFile file, String dtype) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    StringBuilder header = new StringBuilder("{\"__metadata__\":{");
    String between = "";
    for (Map.Entry<String, String> word : file.metadata().entrySet()) {
      header.append(between).append(quoted(word.getKey())).append(':');
      header.append(quoted(word.getValue()));
      between = ",";
    }
    header.append('}');
    for (Map.Entry<String, FileTensor> entry : file.tensors().entrySet()) {
      int begin = data.size();
      if (entry.getValue() instanceof FileTensor.Floats floats) {
        for (float value : floats.values()) {
          data.writeBytes(number(value, dtype));
        }
      }
      String shape = java.util.Arrays.toString(entry.getValue().shape());
      header.append(",\n  ").append(quoted(entry.getKey()));
      header.append(": {\"dtype\":\"").append(dtype).append("\", \"shape\":").append(shape);
      header.append(", \"data_offsets\":[").append(begin).append(',').append(data.size());
      header.append("]}");
    }
    byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer whole = ByteBuffer.allocate(8 + text.length + data.size());
    whole.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).put(data.toByteArray());
    return whole.array();
  }

  private static byte[] number(float value, String dtype) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    int bits = Float.floatToRawIntBits(value);
    switch (dtype) {
      case "F64" -> bytes.putDouble(value);
      case "F32" -> bytes.putFloat(value);
      case "BF16" -> bytes.putShort((short) (bits >> 16));
      case "F16" -> bytes.putShort((short) (((bits >> 16) & 0x8000) | 0x3400));
      case "I64" -> bytes.putLong((long) (8 * value));
      case "I32" -> bytes.putInt((int) (8 * value));
      default -> throw new IllegalArgumentException(dtype);
    }
    return java.util.Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static String quoted(String text) {
    return new com.google.gson.Gson().toJson(text);
  }
}
