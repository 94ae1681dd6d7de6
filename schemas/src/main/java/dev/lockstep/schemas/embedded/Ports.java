package dev.lockstep.schemas.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Ports that nobody listens on at the moment. */
public final class Ports {

    /** Open as long as this process lives: with it go the locks of the ports that were given. */
    private static final FileChannel GIVEN = SharedFile.open("ports");

    private Ports() {}

    /** A port free on every address, which no process of this user gets here as long as this one lives. */
    public static int free() {
        int port = bind(0).orElseThrow(() -> new IllegalStateException("no free port"));
        return reserve(port) ? port : free();
    }

    /** As the lock of the file's byte that has the port's number. */
    private static boolean reserve(int port) {
        try {
            @Nullable FileLock lock = GIVEN.tryLock(port, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException givenHere) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The port that the file keeps, if it is still free, else another, which the file keeps from now on: who wrote the old one
     * down (a connector's stored configuration, a bookmark) finds the server again after a restart.
     */
    public static int kept(Path file) {
        try {
            int wanted =
                    Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
            int port = wanted == 0 ? free() : bind(wanted).orElseGet(Ports::free);
            Files.writeString(file, Integer.toString(port));
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OptionalInt bind(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(
                    true); // connections of a server that was just killed linger, its port is free all the same
            socket.bind(new InetSocketAddress(port), 1);
            return OptionalInt.of(socket.getLocalPort());
        } catch (IOException taken) {
            return OptionalInt.empty();
        }
    }
}
