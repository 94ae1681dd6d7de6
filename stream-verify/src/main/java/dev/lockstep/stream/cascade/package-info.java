/**
 * Cascades of the source's foreign keys that its log does not tell of: which changes have them, what they do to whose rows, and the same
 * done on the target.
 */
@NullMarked
package dev.lockstep.stream.cascade;

import org.jspecify.annotations.NullMarked;
