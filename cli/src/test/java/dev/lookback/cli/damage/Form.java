package dev.lookback.cli.damage;

/** What a damage knows of a file's structure. */
public enum Form {
  /** JSON, CSV or plain text. */
  TEXT,
  /** The length of a header, the header in JSON, numbers. */
  TENSORS,
  /** The same behind a digest of all bytes, which is mostly made right again. */
  CHECKPOINT
}
