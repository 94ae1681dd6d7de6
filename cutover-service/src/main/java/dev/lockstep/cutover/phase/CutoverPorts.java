package dev.lockstep.cutover.phase;

import java.util.Set;

/**
 * What the conductor acts on.
 *
 * @param tables that the logs must prove, by the source's names
 */
public record CutoverPorts(
        Writes source,
        Writes target,
        Barriers barriers,
        ProofAt proofs,
        Sequences sequences,
        Traffic traffic,
        Set<String> tables) {

    public CutoverPorts {
        tables = Set.copyOf(tables);
    }
}
