package dev.lockstep.cutover.report;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row that differed for a while.
 *
 * @param opened the first barrier at which it did
 * @param seenMicros the newest barrier at which it was reported
 * @param healed when it was said to be equal again; null while it differs
 */
public record Episode(
        String table,
        String key,
        String kind,
        Instant opened,
        long seenMicros,
        @Nullable Instant healed) {}
