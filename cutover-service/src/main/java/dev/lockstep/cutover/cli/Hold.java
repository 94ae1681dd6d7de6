package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.StateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * An operator holds the target's changes back. It is kept with the migration's state, so it outlives the process.
 *
 * @param by who asked for it
 */
record Hold(String by, Instant since) {

    static Optional<Hold> load(Path state) {
        return StateFile.read(file(state), Hold.class);
    }

    void save(Path state) {
        StateFile.write(file(state), this);
    }

    static void delete(Path state) {
        try {
            Files.deleteIfExists(file(state));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file(state), e);
        }
    }

    private static Path file(Path state) {
        return state.resolve("held.json");
    }

    String reason() {
        return "the target is given no changes, as " + by + " asked";
    }
}
