package dev.lookback.cli.score;

import dev.lookback.score.LineScore;

/**
 * A line, where it stands and its score.
 *
 * @param file the file's name
 * @param number of the line in that file, from 1
 * @param text as the model read it
 * @param score its surprise
 */
public record ScoredLine(String file, long number, String text, LineScore score) {}
