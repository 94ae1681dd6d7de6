package dev.lockstep.cutover.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that holds a world until it is told to end: by the signal that Ctrl-C sends, at any moment. */
final class WorldHolder {

    private WorldHolder() {}

    /**
     * @param arguments the world's directory, and a file that appears once it is there
     */
    public static void main(String... arguments) throws Exception {
        World.start(new WorldConfig(
                WorldConfig.Server.started("postgres"),
                WorldConfig.Server.started("mariadb"),
                Path.of(arguments[0]),
                1_000,
                1));
        Files.createFile(Path.of(arguments[1]));
        new CountDownLatch(1).await();
    }
}
