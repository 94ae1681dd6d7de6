/** Runs commands of the operator's, wherever one may stand in for what Lockstep does itself. */
@NullMarked
package dev.lockstep.cutover.operator;

import org.jspecify.annotations.NullMarked;
