package dev.lockstep.cutover.cli;

import java.time.Instant;

/**
 * The tables are not any more what the migration agreed on, and nothing flows until an operator resumes it.
 *
 * @param change names the side, the table and what happened to it
 */
record Pause(String change, Instant since) {

    /**
     * @param onTarget whether the application writes there
     */
    String remedy(boolean onTarget) {
        if (onTarget)
            return "take the change back, then end `lockstep run` and start it again; if it is to stay, there is no way back any"
                    + " more: lockstep finish";
        if (change.contains("migration file")) return "lockstep resume";
        if (change.endsWith("was truncated")) return "lockstep resume: the table is then copied anew";
        return change.startsWith("target ")
                ? "give the target's table back what it lost, or the source's table the same; then: lockstep resume"
                : "make the same change on the target, or leave the table or column out in the migration file and run again;"
                        + " then: lockstep resume";
    }
}
