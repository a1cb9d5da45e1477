package dev.lookback.cli.damage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A checkpoint's digest of its own bytes, written by the file's description and not by its code.
 */
final class Digest {
  private static final int AT = 44;
  private static final int END = AT + 64;

  private Digest() {}

  /** The file with the right digest, so that a reader goes on behind it. */
  static byte[] renewed(byte[] bytes) {
    if (bytes.length < END) {
      return bytes;
    }
    byte[] signed = bytes.clone();
    Arrays.fill(signed, AT, END, (byte) '0');
    byte[] digits =
        HexFormat.of().formatHex(sha256().digest(signed)).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, signed, AT, digits.length);
    return signed;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
