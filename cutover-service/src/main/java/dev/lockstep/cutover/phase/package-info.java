/**
 * The phases of a migration, their journal, the one owner of transitions, and the cutover's runbook.
 *
 * <p>A phase is journaled before what it allows is done: FENCED before the fence is raised, DRAINED before the flip is sent, FLIPPED
 * before the target is opened, and FOLLOWING after an abort before the fence is lowered. So after a crash the journal never tells less than what may have happened, and a controller that
 * another one has fenced off finds out before it acts.
 */
@NullMarked
package dev.lockstep.cutover.phase;

import org.jspecify.annotations.NullMarked;
