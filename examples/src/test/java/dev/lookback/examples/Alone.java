package dev.lookback.examples;

import dev.lookback.format.ModelFile;
import dev.lookback.network.StreamPredictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Steps two streams of a model with nothing but the library on the class path. */
final class Alone {
  private Alone() {}

  /** The model's file, then the tokens. */
  public static void main(String[] args) throws IOException {
    StreamPredictor<String> predictor = ModelFile.read(Path.of(args[0])).predictor();
    for (int i = 1; i < args.length; i++) {
      String stream = i % 2 == 0 ? "even" : "odd";
      System.out.println(Arrays.toString(predictor.step(stream, Integer.parseInt(args[i]))));
    }
  }
}
