package dev.lockstep.schemas.migration;

import java.time.Duration;
import java.util.List;

/**
 * How one side's fence is raised, where the engine's own way is not enough or not allowed.
 *
 * @param roles PostgreSQL: these, too, get read-only sessions by a setting of their own, which wins over one that they have for all databases
 * @param lockOut accounts that cannot log in while the fence is up, reading included
 * @param command program and arguments that fence instead of Lockstep; none: Lockstep does
 * @param timeLimit for each run of the command
 */
public record FenceRules(List<String> roles, List<String> lockOut, List<String> command, Duration timeLimit) {

    @SuppressWarnings("NullAway") // what the file leaves out arrives as null, and leaves here as its default
    public FenceRules {
        roles = roles == null ? List.of() : List.copyOf(roles);
        lockOut = lockOut == null ? List.of() : List.copyOf(lockOut);
        command = command == null ? List.of() : List.copyOf(command);
        timeLimit = timeLimit == null ? Duration.ofSeconds(5) : timeLimit;
        if (timeLimit.isZero()) throw new IllegalArgumentException("cutover.fence: timeLimit: more than 0s");
        if (!command.isEmpty() && !(roles.isEmpty() && lockOut.isEmpty()))
            throw new IllegalArgumentException(
                    "cutover.fence: a command fences by itself; leave roles and lockOut to it");
    }

    /** The engine's own way. */
    @SuppressWarnings("NullAway") // as above
    public static final FenceRules DEFAULT = new FenceRules(null, null, null, null);

    public boolean isCommand() {
        return !command.isEmpty();
    }

    /**
     * Of both sides.
     */
    public record Sides(FenceRules source, FenceRules target) {
        @SuppressWarnings("NullAway") // as above
        public Sides {
            source = source == null ? DEFAULT : source;
            target = target == null ? DEFAULT : target;
        }
    }
}
