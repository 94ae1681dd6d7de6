package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.Phase;

/** The journal says that the application writes on the target: nothing may carry the source's rows there any more. */
final class AlreadyMovedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    AlreadyMovedException(Phase phase) {
        super("the traffic has moved already: the migration is in phase " + phase.name() + " since " + phase.at());
    }
}
