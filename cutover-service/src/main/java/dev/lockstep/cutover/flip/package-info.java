/** The flip: a DNS plan as a value, applied by compare-and-swap, believed once every authoritative server shows it. */
@NullMarked
package dev.lockstep.cutover.flip;

import org.jspecify.annotations.NullMarked;
