package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.pass;
import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.schemas.migration.Migration;
import java.io.File;
import java.util.List;

/** Is there room on this machine for what the embedded parts keep? It holds the copy, and every change since. */
final class LocalState {

    private static final long MEGABYTE = 1 << 20;

    private LocalState() {}

    static List<Finding> room(Migration migration, Facts source) {
        if (migration.kafka().bootstrap() != null) return List.of();
        return List.of(
                judge(migration.state().toString(), usable(migration.state().toFile()), source.number("size")));
    }

    /** Of the nearest directory that is there. */
    private static long usable(File directory) {
        File there = directory.getAbsoluteFile();
        while (!there.exists() && there.getParentFile() != null) there = there.getParentFile();
        return there.getUsableSpace();
    }

    static Finding judge(String state, long usable, long sourceSize) {
        String room = state + " has room for " + usable / MEGABYTE + " MB, and the source's tables take "
                + sourceSize / MEGABYTE + " MB there";
        return usable >= 2 * sourceSize
                ? pass("state", room)
                : warn(
                        "state",
                        room + "; the copy and every change since are kept here",
                        "set state to a directory with room for twice that, or kafka.bootstrap to your own cluster");
    }
}
