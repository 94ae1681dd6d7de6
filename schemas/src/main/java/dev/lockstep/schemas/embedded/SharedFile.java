package dev.lockstep.schemas.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files of the system's temporary directory by whose locks this user's processes agree. */
final class SharedFile {

    private SharedFile() {}

    static FileChannel open(String name) {
        Path file = Path.of(
                System.getProperty("java.io.tmpdir"), "lockstep-" + System.getProperty("user.name") + "-" + name);
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + file, e);
        }
    }
}
