package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The two databases of a demo.
 *
 * @param directory for what the servers keep; what the world put there goes when it is closed
 * @param rows seeded on the source, about, in all tables together
 * @param seed of their content
 */
public record WorldConfig(Server source, Server target, Path directory, long rows, long seed) {

    public static final String APPLICATION_USER = "shop_app";

    public WorldConfig {
        directory = directory.toAbsolutePath().normalize();
    }

    /**
     * One side.
     *
     * @param kind {@code postgres} or {@code mariadb} to start one, or the JDBC URL of one's own
     * @param user administrator of one's own; nothing for the started ones
     * @param password likewise
     */
    public record Server(
            String kind, @Nullable String user, @Nullable Secret password) {

        /**
         * @throws ConfigurationException if it is neither
         */
        public Server {
            if (!isStarted(kind) && !kind.startsWith("jdbc:"))
                throw new ConfigurationException(
                        "not a database for the demo: " + kind + " (postgres, mariadb, or a JDBC URL of your own)");
            if (!isStarted(kind) && user == null)
                throw new ConfigurationException(kind + ": tell the user to come as, and its password");
        }

        public static Server started(String kind) {
            return new Server(kind, null, null);
        }

        boolean isStarted() {
            return isStarted(kind);
        }

        private static boolean isStarted(String kind) {
            return kind.equals("postgres") || kind.equals("mariadb");
        }
    }
}
