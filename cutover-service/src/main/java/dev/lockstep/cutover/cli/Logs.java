package dev.lockstep.cutover.cli;

import java.nio.file.Path;

/** Where the log goes. */
final class Logs {

    private Logs() {}

    /** To be called before anything logs: the file is opened with the first line. */
    static void to(Path file) {
        System.setProperty("lockstep.log", file.toString());
    }
}
