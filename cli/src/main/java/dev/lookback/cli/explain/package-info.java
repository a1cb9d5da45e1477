/**
 * The chapter "Backpropagation Through Time" of Dive into Deep Learning with numbers in it: what
 * {@code lookback explain} says, one class for each section, and the papers it is written on.
 */
@NullMarked
package dev.lookback.cli.explain;

import org.jspecify.annotations.NullMarked;
