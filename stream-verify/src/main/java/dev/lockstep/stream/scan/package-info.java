/**
 * The scan: reads both databases themselves, range by range, and names the rows that differ, whatever any log says. And the repair of
 * such rows.
 */
@NullMarked
package dev.lockstep.stream.scan;

import org.jspecify.annotations.NullMarked;
