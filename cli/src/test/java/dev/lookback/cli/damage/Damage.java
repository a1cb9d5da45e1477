package dev.lookback.cli.damage;

import java.util.Random;

/**
 * A damaged file, as a function of the good one, a seed and a number: the same on every machine, so
 * that a failure is told by its number.
 *
 * @param seed of all
 * @param number 0, 1, ...
 */
public record Damage(long seed, long number) {

  /** What becomes of a file: one to three mishaps, mostly one. */
  public byte[] to(byte[] whole, Form form) {
    // Neighbouring seeds of Random begin alike.
    Random random = new Random((seed * 1_000_003 + number) * 0x9E3779B97F4A7C15L);
    byte[] bytes = whole;
    int times = 1 + Math.max(0, random.nextInt(5) - 2);
    for (int i = 0; i < times; i++) {
      bytes =
          switch (form) {
            case TEXT ->
                random.nextInt(3) == 0
                    ? ByteDamage.to(bytes, random)
                    : TextDamage.to(bytes, random);
            case TENSORS, CHECKPOINT -> TensorDamage.to(bytes, random);
          };
    }
    return form == Form.CHECKPOINT && random.nextInt(5) > 0 ? Digest.renewed(bytes) : bytes;
  }
}
