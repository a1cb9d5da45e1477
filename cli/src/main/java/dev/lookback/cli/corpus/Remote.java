package dev.lookback.cli.corpus;

import java.net.URI;

/**
 * A file that can be downloaded, and what it has to be.
 *
 * @param corpus the name of the corpus
 * @param uri where it is
 * @param fileName what it is called in the cache and in data folders
 * @param bytes how long it is
 * @param sha256 its SHA-256, in hexadecimal
 */
public record Remote(String corpus, URI uri, String fileName, long bytes, String sha256) {

  /**
   * The Time Machine by H. G. Wells (1895), Project Gutenberg's text in the form that "Dive into
   * Deep Learning" uses; SHA-1 090b5e7e70c295757f55df93cb0a180b9691891a there. Public domain.
   */
  public static Remote timeMachine() {
    return new Remote(
        "time-machine",
        URI.create("https://d2l-data.s3-accelerate.amazonaws.com/timemachine.txt"),
        "time-machine.txt",
        178_979,
        "8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516");
  }
}
