/** Words of files and people, as messages and terminals show them. */
@NullMarked
package dev.lookback.message;

import org.jspecify.annotations.NullMarked;
