package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A value that outlives a process as JSON in a file, which is there whole or as it was before. */
final class StateFile {

    private StateFile() {}

    /**
     * @param none what holds where there is no such file
     */
    static <T> T read(Path file, Class<T> type, T none) {
        try {
            return Json.read(Files.readString(file), type);
        } catch (NoSuchFileException e) {
            return none;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static void write(Path file, Object value) {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Json.write(beside, value);
        try {
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
