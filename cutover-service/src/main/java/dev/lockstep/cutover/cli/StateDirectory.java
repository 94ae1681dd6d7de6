package dev.lockstep.cutover.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.schemas.migration.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a migration's process keeps on this machine, and the lock that lets one process at a time have it. The lock goes with
 * the process, however it ends.
 */
final class StateDirectory implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where the running process serves its API, and the token for what changes something. */
    record Api(URI url, String token) {}

    private final Path directory;
    private final FileChannel lockFile;

    private StateDirectory(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.lockFile = lockFile;
    }

    /**
     * @throws ConfigurationException if another process has it
     */
    static StateDirectory lock(Path directory) {
        return lockIfFree(directory)
                .orElseThrow(() -> new ConfigurationException("this migration runs already, with state in " + directory
                        + "; `lockstep status` shows it, and end that process to run it from here"));
    }

    /** Empty if another process has it. */
    static Optional<StateDirectory> lockIfFree(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                return Optional.empty();
            }
            Files.deleteIfExists(directory.resolve("api.json"));
            return Optional.of(new StateDirectory(directory, channel));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the state directory " + directory, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    void publish(Api api) {
        try {
            Path file = directory.resolve("api.json");
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, JSON.writeValueAsBytes(Map.of("url", api.url().toString(), "token", api.token())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is kept what every act of every move took. */
    static Path acts(Path directory) {
        return directory.resolve("acts");
    }

    /** The API of the process that has the directory, if one has. */
    static Optional<Api> api(Path directory) {
        try {
            var api = JSON.readTree(Files.readAllBytes(directory.resolve("api.json")));
            return Optional.of(new Api(
                    URI.create(api.path("url").asText()), api.path("token").asText()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(directory.resolve("api.json"));
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
