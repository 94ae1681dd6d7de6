package dev.lockstep.stream.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointsTest {

    @TempDir
    Path directory;

    @Test
    void findsTheNewestCompleteOneOfAnyRun() throws Exception {
        complete("a/chk-9");
        Path newest = complete("b/chk-10");
        Files.createDirectories(directory.resolve("b/chk-11")); // begun, not finished
        Files.createDirectories(directory.resolve("b/shared"));

        assertThat(Checkpoints.newest(directory)).contains(newest);
    }

    @Test
    void findsNoneWhereNoneWasFinished() throws Exception {
        assertThat(Checkpoints.newest(directory.resolve("nowhere"))).isEmpty();
        Files.createDirectories(directory.resolve("a/chk-1"));
        assertThat(Checkpoints.newest(directory)).isEmpty();
    }

    private Path complete(String name) throws Exception {
        Path checkpoint = Files.createDirectories(directory.resolve(name));
        Files.writeString(checkpoint.resolve("_metadata"), "");
        return checkpoint;
    }
}
