package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.Phase;
import java.util.List;
import java.util.stream.Collectors;

/** The journal says that the application writes on the target: nothing may carry the source's rows there any more. */
final class AlreadyMovedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * @param left what is still to be taken away, each with its remedy
     */
    AlreadyMovedException(Phase phase, List<String> left) {
        super("the traffic has moved already: the migration is in phase " + phase.name() + " since " + phase.at()
                + left.stream().map(line -> "\nleft behind " + line).collect(Collectors.joining()));
    }
}
