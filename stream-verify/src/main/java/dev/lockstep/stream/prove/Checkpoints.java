package dev.lockstep.stream.prove;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The checkpoints that earlier runs left: {@code <job>/chk-<number>/}, complete once {@code _metadata} stands in it. */
final class Checkpoints {

    private static final String PREFIX = "chk-";

    private Checkpoints() {}

    /** The newest complete one. Its number tells, since a run that takes up a checkpoint counts on from it. */
    static Optional<Path> newest(Path directory) {
        return complete(directory).stream()
                .max(Comparator.comparingLong(Checkpoints::number).thenComparing(Checkpoints::modified));
    }

    private static List<Path> complete(Path directory) {
        List<Path> found = new ArrayList<>();
        FileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (isComplete(file)) found.add(file.getParent());
                return FileVisitResult.CONTINUE;
            }

            /** A running job deletes the older ones. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                return e instanceof NoSuchFileException ? FileVisitResult.CONTINUE : super.visitFileFailed(file, e);
            }
        };
        try {
            Files.walkFileTree(directory, Set.of(), 3, visitor);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look for checkpoints in " + directory, e);
        }
        return found;
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
