/** Tests of the built-in corpora. */
@NullMarked
package dev.lookback.cli.corpus;

import org.jspecify.annotations.NullMarked;
