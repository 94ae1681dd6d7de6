package dev.lockstep.cutover.watch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A client that came to the fenced source.
 *
 * @param client its address as the server sees it, without the port; {@code local} for one on the server's own machine
 * @param user as whom
 * @param sessions that it had there when it was looked at last
 * @param most that were seen at once
 * @param refused statements that the fence has refused to it since it is watched; null: the engine does not tell
 * @param firstSeen of this process' looks
 * @param lastSeen likewise, connected or newly refused
 */
public record Straggler(
        String client,
        String user,
        int sessions,
        int most,
        @Nullable Long refused,
        Instant firstSeen,
        Instant lastSeen) {}
