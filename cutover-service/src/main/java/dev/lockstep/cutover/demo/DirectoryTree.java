package dev.lockstep.cutover.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory with all that is in it. */
public final class DirectoryTree {

    private static final int ATTEMPTS = 50;
    private static final long PAUSE_MILLIS = 200;

    private DirectoryTree() {}

    /** Deletes it. Tries again while a server's last process still writes there, or somebody else deletes at the same time. */
    public static void delete(Path directory) throws IOException, InterruptedException {
        for (int attempt = 1; Files.exists(directory); attempt++) {
            try {
                deleteOnce(directory);
            } catch (IOException | UncheckedIOException e) {
                if (attempt == ATTEMPTS) throw e;
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private static void deleteOnce(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) Files.deleteIfExists(file);
    }
}
