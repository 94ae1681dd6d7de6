package dev.lockstep.cutover.gate;

import java.util.List;

/** What a look at something outside brought, for rules that ask whether it is as it should be. */
public sealed interface Findings {

    /**
     * It was looked at.
     *
     * @param problems what is not as it should be, each with its remedy; none: all is well
     */
    record Seen(List<String> problems) implements Findings {
        public Seen {
            problems = List.copyOf(problems);
        }
    }

    /** It could not be looked at. */
    record Unseen(String reason) implements Findings {}

    /** The migration has no such thing, so its rule is left out. It must be said: silence is not this. */
    record NotApplicable() implements Findings {}
}
