package dev.lockstep.cutover.gate;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All that the rules look at, gathered before any of them judges. What could not be had is empty, never a default.
 *
 * @param at when it was gathered, on the clock that dates the barriers
 * @param appliedLag of the target behind the source
 * @param provenLag of the proof behind the source
 * @param tables the migration's tables, by the source's names
 * @param proven those of them that the logs prove; of the others a scan alone says something
 * @param proof at the newest barrier at which the verdicts of all tables are in; if there is none, at the newest
 * @param openMismatches rows that differ now
 * @param scans what was found by reading both databases themselves
 * @param deadLetters changes that the target refused
 * @param sequences whether the target's sequences can be set beyond the source's
 * @param dns whether the record sets are as the migration file expects them before the flip, on every server
 * @param waves whether the names that only readers use have moved ahead
 * @param ttl how long caches may keep those record sets
 * @param schema whether both sides' tables are what the migration agreed on
 * @param pause whether an operator holds the target's changes back
 * @param wayBack whether the traffic could go back
 * @param capacity whether the target has room for the source's clients
 * @param check whether the operator's own check passes
 * @param inventory whether all that hangs on the source is accounted for
 */
public record Inputs(
        Instant at,
        Lag appliedLag,
        Lag provenLag,
        Set<String> tables,
        Set<String> proven,
        Optional<Proof> proof,
        OptionalLong openMismatches,
        Scans scans,
        OptionalLong deadLetters,
        Findings sequences,
        Findings dns,
        Findings waves,
        CachedTtl ttl,
        Findings schema,
        Findings pause,
        WayBack wayBack,
        Capacity capacity,
        Findings check,
        Findings inventory) {

    public Inputs {
        tables = Set.copyOf(tables);
        proven = Set.copyOf(proven);
    }
}
