package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.flip.TtlBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;

/** What of DNS outlives a process, in the migration's state directory. A file is there whole or as it was before. */
record DnsFiles(Path state) {

    /**
     * Until when caches may hold an answer with a TTL that was too long; kept by the running migration as it looks.
     *
     * @param zones by their absolute names
     */
    record Drains(Map<String, Instant> zones) {}

    /** What the TTLs were; kept by who changes them. */
    TtlBook book() {
        return read("dns-ttl.json", TtlBook.class, TtlBook.EMPTY);
    }

    void save(TtlBook book) {
        write("dns-ttl.json", book);
    }

    Drains drains() {
        return read("dns-drain.json", Drains.class, new Drains(Map.of()));
    }

    void save(Drains drains) {
        write("dns-drain.json", drains);
    }

    private <T> T read(String name, Class<T> type, T none) {
        try {
            return Json.read(Files.readString(state.resolve(name)), type);
        } catch (NoSuchFileException e) {
            return none;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + state.resolve(name), e);
        }
    }

    private void write(String name, Object value) {
        Path file = state.resolve(name);
        Path beside = state.resolve(name + ".new");
        Json.write(beside, value);
        try {
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
