/**
 * Checks for what is written outside of the library: cells, couplings and losses of one's own, held
 * against finite differences and against the identities that every one of the library's own keeps.
 *
 * <p>Letters as everywhere: T steps, B lanes, D inputs, H hidden units; xi on the link between two
 * steps. A check either returns or throws an {@link AssertionError} that says which number is off,
 * by how much, and what is needed; it needs no test framework.
 */
@NullMarked
package dev.lookback.testkit;

import org.jspecify.annotations.NullMarked;
