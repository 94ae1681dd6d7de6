package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.avro.TableVerdict;
import java.util.List;
import java.util.Optional;

/** What has been proven so far. */
public interface ProofAt {

    /** The verdicts at exactly this barrier that are in by now, of some or all tables; empty: none is. Returns at once. */
    Optional<List<TableVerdict>> verdictsAt(long barrierMicros);
}
