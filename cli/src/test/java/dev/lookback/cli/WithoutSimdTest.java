package dev.lookback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.lookback.format.FileTensor;
import dev.lookback.format.ModelFile;
import dev.lookback.format.SafeTensors;
import dev.lookback.format.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A virtual machine that was started without the vector module. */
class WithoutSimdTest {
  private static final Pattern NOTICE =
      Pattern.compile(
          "warning: computing without SIMD: the same results, only later\\.[^.]*\\R?[^.]*"
              + "--add-modules jdk\\.incubator\\.vector, as the lookback launcher does\\R");

  private static final Pattern SLOW =
      Pattern.compile("warning: this processor has no fused multiply-add that Java uses");

  @TempDir private Path folder;

  @Test
  void everyCommandThatComputesSaysItOnce() throws IOException, InterruptedException {
    Path text = Samples.text(folder);
    String run = folder.resolve("run").toString();
    String[] cell = {"--cell", "lstm", "--threads", "1"};
    tellsOnce(Samples.and(Samples.tiny("train", text, cell), "--run", run));
    assertThat(Cli.run(Samples.and(Samples.tiny("train", text, cell), "--run", run + "2")).code())
        .isZero();
    assertThat(weights(run)).isEqualTo(weights(run + "2"));

    String out = folder.resolve("out").toString();
    tellsOnce("generate", "--model", run, "--length", "5");
    tellsOnce("evaluate", text.toString(), "--model", run);
    tellsOnce("gradient", "--model", run + "/model.safetensors", "--data", batch(), "--out", out);
    tellsOnce("bench", "--iterations", "2", "--warmup", "0", "--hidden", "4");
    tellsOnce("explain", "--out", out + ".html");
    String[] compare = Samples.tiny("compare", text, "--couplings", "full", "--draws", "2");
    tellsOnce(Samples.and(compare, "--out", folder.resolve("compared").toString()));
  }

  @Test
  void aProcessorWithoutFusedMultiplyAddIsNamedOnce() throws IOException, InterruptedException {
    List<String> flags = List.of("-XX:-UseFMA", "--add-modules", "jdk.incubator.vector");
    Path text = Samples.text(folder);
    String run = folder.resolve("run").toString();
    String[] train = Samples.and(Samples.tiny("train", text, "--cell", "lstm"), "--run", run);
    tellsOnce(SLOW, flags, train);
    assertThat(
            Cli.run(Samples.and(Samples.tiny("train", text, "--cell", "lstm"), "--run", run + "2"))
                .code())
        .isZero();
    assertThat(weights(run)).isEqualTo(weights(run + "2"));
    assertThat(Files.readString(Path.of(run, "run.json")))
        .contains("fused multiply-add in software");

    tellsOnce(SLOW, flags, "evaluate", text.toString(), "--model", run);
    tellsOnce(SLOW, flags, "bench", "--iterations", "2", "--warmup", "0", "--hidden", "4");
    assertThat(Files.readString(folder.resolve("stdout")))
        .contains("scalar, fused multiply-add in software");
    String[] compare = Samples.tiny("compare", text, "--couplings", "full", "--draws", "2");
    tellsOnce(SLOW, flags, Samples.and(compare, "--out", folder.resolve("compared").toString()));
  }

  private String batch() throws IOException {
    Map<String, FileTensor> batch = new LinkedHashMap<>();
    batch.put("x", FileTensor.of(new int[] {1, 2}, 2, 1));
    batch.put("y", FileTensor.of(new int[] {2, 3}, 2, 1));
    Path file = folder.resolve("batch.safetensors");
    SafeTensors.write(file, TensorFile.of(batch));
    return file.toString();
  }

  private static float[] weights(String run) throws IOException {
    return ModelFile.read(Path.of(run, "model.safetensors")).weights().values();
  }

  private void tellsOnce(String... args) throws IOException, InterruptedException {
    tellsOnce(NOTICE, List.of(), args);
  }

  private void tellsOnce(Pattern notice, List<String> flags, String... args)
      throws IOException, InterruptedException {
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(Samples.and(args, "--json")));
    Process process =
        Programs.of(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    String said = Files.readString(err);
    assertThat(notice.matcher(said).results().count()).as(said).isEqualTo(1);
    assertThat(JsonParser.parseString(Files.readString(out)).isJsonObject()).isTrue();
  }
}
