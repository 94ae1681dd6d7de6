package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.demo.DirectoryTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be ended newest first, once, by whoever comes first: the end of the work or the end of the process. */
final class Parts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private @Nullable Path directory;

    synchronized <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** A directory that goes when all parts have. */
    synchronized Path directory(Path path) {
        directory = path;
        return path;
    }

    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("a part did not stop well: part={}", part.getClass().getSimpleName(), e);
            }
        }
        if (directory != null) delete(directory);
        directory = null;
    }

    private static void delete(Path directory) {
        try {
            DirectoryTree.delete(directory);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("left behind: directory={} error={}", directory, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
