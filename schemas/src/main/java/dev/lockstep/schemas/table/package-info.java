/** Tables as the catalogs of the three engines describe them, and as both sides agree on them. */
@NullMarked
package dev.lockstep.schemas.table;

import org.jspecify.annotations.NullMarked;
