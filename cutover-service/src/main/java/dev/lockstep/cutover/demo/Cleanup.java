package dev.lockstep.cutover.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be undone, newest first, once: by its owner, or when the process is told to end. What comes to be after that, because
 * it was just starting, is undone at once.
 */
final class Cleanup implements AutoCloseable {

    private record Step(String name, AutoCloseable action) {}

    private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);

    private final Deque<Step> steps = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::undo, "demo-cleanup");
    private boolean closed;

    Cleanup() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    synchronized void add(String name, AutoCloseable action) {
        Step step = new Step(name, action);
        if (closed) run(step);
        else steps.push(step);
    }

    /** The directory with all that it holds by then. */
    void addDirectory(Path directory) {
        add(directory.toString(), () -> deleteTree(directory));
    }

    @Override
    public void close() {
        undo();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending anyway");
        }
    }

    private synchronized void undo() {
        closed = true;
        while (!steps.isEmpty()) run(steps.pop());
    }

    private static void run(Step step) {
        try {
            step.action().close();
        } catch (Exception e) {
            LOG.atWarn().setCause(e).addKeyValue("what", step.name()).log("could not be undone");
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) return;
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) Files.deleteIfExists(file);
    }
}
