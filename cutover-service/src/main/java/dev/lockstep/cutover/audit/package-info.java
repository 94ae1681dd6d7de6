/** What hangs on the source besides the rows that move: found, declared, and accounted for before the traffic moves. */
@NullMarked
package dev.lockstep.cutover.audit;

import org.jspecify.annotations.NullMarked;
