package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.StateFile;
import dev.lockstep.cutover.flip.TtlBook;
import dev.lockstep.schemas.message.Barrier.Direction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What of DNS outlives a process, in the migration's state directory. A file is there whole or as it was before. */
record DnsFiles(Path state) {

    /**
     * Until when caches may hold an answer with a TTL that was too long; kept by the running migration as it looks.
     *
     * @param zones by their absolute names
     */
    record Drains(Map<String, Instant> zones) {}

    /**
     * Updates that were sent, or are about to be, and may land until then.
     *
     * @param direction of the move that they belong to
     */
    record Sent(Direction direction, Instant mayLandUntil) {}

    Optional<Sent> sent() {
        return StateFile.read(state.resolve("dns-sent.json"), Sent.class);
    }

    void save(Sent sent) {
        StateFile.write(state.resolve("dns-sent.json"), sent);
    }

    /** Nothing is on its way any more. */
    void settled() {
        StateFile.delete(state.resolve("dns-sent.json"));
    }

    /** What the TTLs were; kept by who changes them. */
    TtlBook book() {
        return StateFile.read(state.resolve("dns-ttl.json"), TtlBook.class).orElse(TtlBook.EMPTY);
    }

    void save(TtlBook book) {
        StateFile.write(state.resolve("dns-ttl.json"), book);
    }

    Drains drains() {
        return StateFile.read(state.resolve("dns-drain.json"), Drains.class).orElse(new Drains(Map.of()));
    }

    void save(Drains drains) {
        StateFile.write(state.resolve("dns-drain.json"), drains);
    }
}
