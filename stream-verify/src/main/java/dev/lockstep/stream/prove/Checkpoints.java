package dev.lockstep.stream.prove;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The checkpoints that earlier runs left: {@code <job>/chk-<number>/}, complete once {@code _metadata} stands in it. */
final class Checkpoints {

    private static final String PREFIX = "chk-";

    private Checkpoints() {}

    /** The newest complete one. Its number tells, since a run that takes up a checkpoint counts on from it. */
    static Optional<Path> newest(Path directory) {
        if (!Files.isDirectory(directory)) return Optional.empty();
        try (Stream<Path> files = Files.find(directory, 3, (path, attributes) -> isComplete(path))) {
            return files.map(Path::getParent)
                    .max(Comparator.comparingLong(Checkpoints::number).thenComparing(Checkpoints::modified));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look for checkpoints in " + directory, e);
        }
    }

    private static boolean isComplete(Path file) {
        Path parent = file.getParent();
        return file.endsWith("_metadata")
                && parent != null
                && parent.getFileName().toString().matches(PREFIX + "\\d+");
    }

    static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring(PREFIX.length()));
    }

    private static long modified(Path checkpoint) {
        try {
            return Files.getLastModifiedTime(checkpoint.resolve("_metadata")).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }
}
