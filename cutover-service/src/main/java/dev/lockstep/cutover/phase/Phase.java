package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Instant;

/**
 * Where a migration stands: a record with only those facts that exist once the phase is reached. Its methods are its legal exits.
 * Points in time are on Lockstep's clock, to the microsecond.
 */
public sealed interface Phase permits Prepared, Copying, Following, Abortable, Flipped, OnTarget, RolledBack, Finished {

    PhaseName name();

    /** When it was entered. */
    Instant at();

    /** Which way changes are carried; in FLIPPED, until the other side has opened. */
    default Direction direction() {
        return name().isOnTarget() ? Direction.REVERSE : Direction.FORWARD;
    }
}
