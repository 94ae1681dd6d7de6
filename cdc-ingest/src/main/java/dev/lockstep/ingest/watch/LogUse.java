package dev.lockstep.ingest.watch;

import org.jspecify.annotations.Nullable;

/**
 * What a PostgreSQL server keeps of its log for one capture.
 *
 * @param side source or target
 * @param slot the replication slot's name
 * @param retainedBytes not read by the capture yet
 * @param safeBytes that may still be written before the server gives the slot up; null: it has no limit
 * @param state as the server says it: reserved, extended, unreserved, lost; {@code missing} where the slot is gone
 */
public record LogUse(
        String side,
        String slot,
        long retainedBytes,
        @Nullable Long safeBytes,
        String state) {

    /** Changes that the capture has not read are gone. */
    public boolean isLost() {
        return state.equals("lost") || state.equals("missing");
    }
}
