package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Side;
import java.util.Set;

/**
 * What the conductor acts on.
 *
 * @param tables that the logs must prove, by the source's names
 */
public record CutoverPorts(
        Clearance clearance,
        Writes source,
        Writes target,
        Flow flow,
        ProofAt proofs,
        Sequences sequences,
        Traffic traffic,
        Set<String> tables) {

    public CutoverPorts {
        tables = Set.copyOf(tables);
    }

    Writes on(Side side) {
        return side == Side.SOURCE ? source : target;
    }
}
