package dev.lockstep.cutover.flip;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What reading back found. Not everywhere is a result like any other: the caller decides whether to wait on or to go back.
 *
 * @param servers every server's last word, the primary's first
 * @param drainTime how long caches may keep the old data
 */
public record ReadBack(List<Server> servers, Duration drainTime) {

    public ReadBack {
        servers = List.copyOf(servers);
    }

    /**
     * @param serial of the zone there; null if it was never read
     * @param shownAt on Lockstep's clock, when its answer with the whole change was in; null: it has not shown it
     * @param missing what it lacks, with the server's name; empty once shown
     */
    public record Server(
            String server, @Nullable Long serial, @Nullable Instant shownAt, String missing) {}

    /** Every server has shown the whole change at a serial that is not older than the change. */
    public boolean everywhere() {
        return servers.stream().allMatch(server -> server.shownAt() != null);
    }

    /** What is missing, a line a server. */
    public List<String> missing() {
        return servers.stream()
                .filter(server -> server.shownAt() == null)
                .map(Server::missing)
                .toList();
    }

    /** The primary's serial. */
    public Optional<Long> serial() {
        return Optional.ofNullable(servers.get(0).serial());
    }

    /** When the last server showed it; empty until all have. */
    public Optional<Instant> shownEverywhereAt() {
        Instant last = Instant.MIN;
        for (Server server : servers) {
            Instant shown = server.shownAt();
            if (shown == null) return Optional.empty();
            if (shown.isAfter(last)) last = shown;
        }
        return Optional.of(last);
    }

    /** The drain clock: until then a cache that keeps to the TTL may answer with the old data; empty until all servers have shown the new. */
    public Optional<Instant> drainedAt() {
        return shownEverywhereAt().map(shown -> shown.plus(drainTime));
    }
}
