package dev.lockstep.cutover.cli;

import java.nio.file.Path;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Where the log goes. */
final class Logs {

    private Logs() {}

    /** To be called before anything logs: the file is opened with the first line. Libraries that log by java.util.logging go there too. */
    static void to(Path file) {
        System.setProperty("lockstep.log", file.toString());
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
