package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.migration.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Passwords in files that only their owner reads, so that they can be named by reference. */
record Secrets(Path directory) {

    /** Writes the secret into a new file. */
    Secret keep(String name, String secret) {
        try {
            Path file = directory.resolve(name).toAbsolutePath();
            // Made with these permissions, not given them later: nobody reads it in between.
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, secret);
            return new Secret("${file:" + file + "}");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep a password in " + directory, e);
        }
    }
}
