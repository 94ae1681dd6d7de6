/** Carries sequences, identity columns and auto-increment counters across, so that the target gives out no number twice. */
@NullMarked
package dev.lockstep.cutover.sequence;

import org.jspecify.annotations.NullMarked;
