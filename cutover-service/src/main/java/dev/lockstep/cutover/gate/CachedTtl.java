package dev.lockstep.cutover.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How long caches may keep the record sets that move: what they hold now, and what they may still hold from before. */
public sealed interface CachedTtl {

    /**
     * The servers were read.
     *
     * @param zones none is no pass
     */
    record Seen(List<Zone> zones) implements CachedTtl {
        public Seen {
            zones = List.copyOf(zones);
        }
    }

    /**
     * One zone's.
     *
     * @param limit the longest that a cache may keep a record set as the traffic begins to move
     * @param longest what the servers tell caches now, the highest of all sets and servers
     * @param where that is: set and server
     * @param drainedAt when the last cache that keeps to the TTL has let go of what it was told when that was longer; empty: it never was
     *     seen longer
     */
    record Zone(String name, Duration limit, Duration longest, String where, Optional<Instant> drainedAt) {

        private Verdict verdict(Instant now) {
            if (longest.compareTo(limit) > 0)
                return new Verdict.Closed(where + " may be cached for " + Units.of(longest) + ", longer than "
                        + Units.of(limit) + "; lower it with `lockstep ttl lower`");
            if (drainedAt.isPresent() && now.isBefore(drainedAt.get()))
                return new Verdict.Closed("caches may keep what zone " + name + " said before its TTL was lowered for "
                        + Units.of(Duration.ofSeconds(
                                Duration.between(now, drainedAt.get()).toSeconds() + 1))
                        + " more");
            return Verdict.OPEN;
        }
    }

    /** They were not, or it is not known since when the TTL is as it is. */
    record Unseen(String reason) implements CachedTtl {}

    /** The migration has no DNS. */
    record NotApplicable() implements CachedTtl {}

    default Verdict verdict(Instant now) {
        if (!(this instanceof Seen seen))
            return new Verdict.Unknown(this instanceof Unseen unseen ? unseen.reason() : "not applicable");
        return seen.zones().stream()
                .map(zone -> zone.verdict(now))
                .filter(verdict -> !verdict.isOpen())
                .findFirst()
                .orElse(seen.zones().isEmpty() ? new Verdict.Unknown("no zone was read") : Verdict.OPEN);
    }
}
