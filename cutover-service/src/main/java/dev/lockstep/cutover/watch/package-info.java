/** After the flip, while the application writes on the target: who has stayed behind, and what speaks for going back. */
@NullMarked
package dev.lockstep.cutover.watch;

import org.jspecify.annotations.NullMarked;
