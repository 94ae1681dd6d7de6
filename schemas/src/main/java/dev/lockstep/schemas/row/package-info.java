/** The canonical form of a row: its values, its key, its digest. */
@NullMarked
package dev.lockstep.schemas.row;

import org.jspecify.annotations.NullMarked;
