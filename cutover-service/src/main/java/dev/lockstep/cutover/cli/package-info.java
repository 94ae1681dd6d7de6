/** The commands. Wiring stands here and nowhere else. */
@NullMarked
package dev.lockstep.cutover.cli;

import org.jspecify.annotations.NullMarked;
