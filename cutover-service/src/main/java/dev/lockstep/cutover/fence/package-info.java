/** The fence: stops everybody's writes but Lockstep's, and proves that they have stopped. */
@NullMarked
package dev.lockstep.cutover.fence;

import org.jspecify.annotations.NullMarked;
