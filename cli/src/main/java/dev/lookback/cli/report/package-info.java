/**
 * Reports: charts, the two pictures of backpropagation through time, the page they stand on, and
 * tables for the terminal. Pure functions from plain data to text: the same data always give the
 * same characters, whatever the machine's language, clock or window size.
 *
 * <p>A {@link dev.lookback.cli.report.Picture} is a value that draws itself as SVG for a given
 * width. A {@link dev.lookback.cli.report.Table} is a value that a page and a terminal both print.
 * Every text handed in is data: it is escaped, never interpreted.
 */
@NullMarked
package dev.lookback.cli.report;

import org.jspecify.annotations.NullMarked;
