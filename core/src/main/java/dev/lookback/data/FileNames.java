package dev.lookback.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Names of files as text, the same in every locale. A name is a sequence of bytes on most systems;
 * {@link Path#toString()} decodes it by the locale, where different names may become one.
 */
final class FileNames {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private FileNames() {}

  /**
   * The path of a file within a folder, written with {@code /}. Bytes that are not UTF-8 stand as
   * {@code \xE9}.
   */
  static String within(Path folder, Path file) {
    // The address of a file has the bytes of its name, percent-encoded.
    String from = folder.toUri().getRawPath();
    String address = file.toUri().getRawPath();
    if (from == null || address == null || !address.startsWith(from)) {
      return folder.relativize(file).toString();
    }
    return readable(bytes(address.substring(from.length()).replaceAll("^/|/$", "")));
  }

  private static byte[] bytes(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < encoded.length(); i++) {
      if (encoded.charAt(i) == '%') {
        bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
        i += 2;
      } else {
        bytes.writeBytes(encoded.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static String readable(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder name = new StringBuilder();
      for (byte b : bytes) {
        name.append(b >= 0 ? Character.toString(b) : "\\x" + HEX.toHexDigits(b));
      }
      return name.toString();
    }
  }
}
