package dev.lookback.format;

import java.util.Optional;

/** The number formats we read. */
enum Dtype {
  F16(2),
  BF16(2),
  F32(4),
  F64(8),
  I32(4),
  I64(8);

  final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  static Optional<Dtype> find(String name) {
    for (Dtype dtype : values()) {
      if (dtype.name().equals(name)) {
        return Optional.of(dtype);
      }
    }
    return Optional.empty();
  }
}
