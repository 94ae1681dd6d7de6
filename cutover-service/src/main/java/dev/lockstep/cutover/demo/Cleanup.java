package dev.lockstep.cutover.demo;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
    private final Object undoing = new Object();
    private boolean closed;

    Cleanup() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    void add(String name, AutoCloseable action) {
        Step step = new Step(name, action);
        if (!keep(step)) run(step);
    }

    private synchronized boolean keep(Step step) {
        if (!closed) steps.push(step);
        return !closed;
    }

    /** The directory with all that it holds by then, and first the processes that work there because their start was cut off. */
    void addDirectory(Path directory) {
        add(directory.toString(), () -> {
            endProcessesIn(directory);
            DirectoryTree.delete(directory);
        });
    }

    /** A server is known to work in a directory by its command line, which names it. */
    private static void endProcessesIn(Path directory) {
        try (Stream<ProcessHandle> below = ProcessHandle.current().descendants()) {
            below.filter(p -> p.info()
                            .commandLine()
                            .filter(c -> names(c, directory))
                            .isPresent())
                    .forEach(Cleanup::end);
        }
    }

    private static boolean names(String commandLine, Path directory) {
        String root = directory.toString();
        return Stream.of(commandLine.split("[\\s=]"))
                .anyMatch(word -> word.equals(root) || word.startsWith(root + File.separator));
    }

    private static void end(ProcessHandle process) {
        process.destroyForcibly();
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().setCause(e).addKeyValue("pid", process.pid()).log("a server does not end");
        }
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

    /** Whoever comes second waits until all is done. A step may itself wait for someone who adds one. */
    private void undo() {
        synchronized (undoing) {
            for (Step step = next(); step != null; step = next()) run(step);
        }
    }

    private synchronized @Nullable Step next() {
        closed = true;
        return steps.poll();
    }

    private static void run(Step step) {
        try {
            step.action().close();
        } catch (Exception e) {
            LOG.atWarn().setCause(e).addKeyValue("what", step.name()).log("could not be undone");
        }
    }
}
