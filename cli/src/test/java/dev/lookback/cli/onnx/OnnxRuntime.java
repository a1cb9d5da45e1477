package dev.lookback.cli.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Another program that runs ONNX files. */
public final class OnnxRuntime implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /** Reads a file and checks its graph. */
  public OnnxRuntime(Path file) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    // What it refuses it throws too.
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    this.session = environment.createSession(file.toString(), options);
    options.close();
  }

  /** Tensors by name, all of float but a token input. */
  public static final class Values {
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> floats = new LinkedHashMap<>();
    private final Map<String, long[]> ids = new LinkedHashMap<>();

    /** With numbers. */
    public Values with(String name, float[] values, long... shape) {
      floats.put(name, values);
      shapes.put(name, shape);
      return this;
    }

    /** With ids. */
    public Values with(String name, int[] values, long... shape) {
      ids.put(name, Arrays.stream(values).asLongStream().toArray());
      shapes.put(name, shape);
      return this;
    }

    /** The numbers of that name. */
    public float[] of(String name) {
      return floats.getOrDefault(name, new float[0]);
    }

    /** The shape of that name. */
    public long[] shape(String name) {
      return shapes.getOrDefault(name, new long[0]);
    }
  }

  /** Runs it. */
  public Values run(Values inputs) throws OrtException {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    for (Map.Entry<String, float[]> entry : inputs.floats.entrySet()) {
      FloatBuffer buffer = FloatBuffer.wrap(entry.getValue());
      given.put(
          entry.getKey(),
          OnnxTensor.createTensor(environment, buffer, inputs.shape(entry.getKey())));
    }
    for (Map.Entry<String, long[]> entry : inputs.ids.entrySet()) {
      LongBuffer buffer = LongBuffer.wrap(entry.getValue());
      given.put(
          entry.getKey(),
          OnnxTensor.createTensor(environment, buffer, inputs.shape(entry.getKey())));
    }
    Values outputs = new Values();
    try (OrtSession.Result result = session.run(given)) {
      result.forEach(
          entry -> {
            OnnxTensor tensor = (OnnxTensor) entry.getValue();
            FloatBuffer buffer = tensor.getFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            outputs.with(entry.getKey(), values, tensor.getInfo().getShape());
          });
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
    return outputs;
  }

  /** The strings of the file. */
  public OnnxModelMetadata metadata() throws OrtException {
    return session.getMetadata();
  }

  /** Names, types and axes of what it takes; a free axis by its name. */
  public Map<String, String> inputs() throws OrtException {
    return described(session.getInputInfo());
  }

  /** Names, types and axes of what it gives. */
  public Map<String, String> outputs() throws OrtException {
    return described(session.getOutputInfo());
  }

  private static Map<String, String> described(Map<String, NodeInfo> nodes) {
    Map<String, String> described = new LinkedHashMap<>();
    nodes.forEach(
        (name, node) -> {
          TensorInfo info = (TensorInfo) node.getInfo();
          StringBuilder axes =
              new StringBuilder(info.type.toString().toLowerCase(java.util.Locale.ROOT));
          for (int i = 0; i < info.getShape().length; i++) {
            long extent = info.getShape()[i];
            axes.append(i == 0 ? " " : ", ")
                .append(extent < 0 ? info.getDimensionNames()[i] : extent);
          }
          described.put(name, axes.toString());
        });
    return described;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
