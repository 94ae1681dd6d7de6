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
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Ports that nobody listens on at the moment. */
public final class Ports {

    /** Below those that systems give to outgoing connections (from 32768 on): else one could take a port before its server does. */
    private static final int FIRST = 16_384;

    private static final int COUNT = 16_384;

    /** Open as long as this process lives: with it go the locks of the ports that were given. */
    private static final FileChannel GIVEN = SharedFile.open("ports");

    private enum Lock {
        TAKEN,
        HELD_BEFORE,
        HELD_BY_ANOTHER
    }

    private Ports() {}

    /** A port free on every address, which no process of this user gets here as long as this one lives. */
    public static int free() {
        int start = ThreadLocalRandom.current().nextInt(COUNT);
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + (start + i) % COUNT;
            if (isFree(port) && lock(port) == Lock.TAKEN) return port;
        }
        throw new IllegalStateException("no free port from " + FIRST + " to " + (FIRST + COUNT - 1));
    }

    /**
     * The port that the file keeps, if it is still free, else another, which the file keeps from now on: who wrote the old one
     * down (a connector's stored configuration, a bookmark) finds the server again after a restart.
     */
    public static int kept(Path file) {
        try {
            int wanted =
                    Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
            if (wanted > 0 && isFree(wanted) && lock(wanted) != Lock.HELD_BY_ANOTHER) return wanted;
            int port = free();
            Files.writeString(file, Integer.toString(port));
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lock of the file's byte that has the port's number. */
    private static Lock lock(int port) {
        try {
            @Nullable FileLock lock = GIVEN.tryLock(port, 1, false);
            return lock == null ? Lock.HELD_BY_ANOTHER : Lock.TAKEN;
        } catch (OverlappingFileLockException givenHere) {
            return Lock.HELD_BEFORE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(
                    true); // connections of a server that was just killed linger, its port is free all the same
            socket.bind(new InetSocketAddress(port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
