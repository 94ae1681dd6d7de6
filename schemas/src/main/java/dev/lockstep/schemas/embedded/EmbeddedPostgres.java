package dev.lockstep.schemas.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A PostgreSQL server from Maven's binaries as a child process, with logical decoding on. Its data directory goes when it is
 * closed.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final String PASSWORD = "postgres";

    private static final Duration ENDING = Duration.ofSeconds(10);

    private final io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;
    private final String address;
    private final Optional<ProcessHandle> postmaster;

    private EmbeddedPostgres(
            io.zonky.test.db.postgres.embedded.EmbeddedPostgres server,
            String address,
            Optional<ProcessHandle> postmaster) {
        this.server = server;
        this.address = address;
        this.postmaster = postmaster;
    }

    /**
     * @param major 16 or 17
     * @param address the loopback address that clients come to
     */
    public static EmbeddedPostgres start(Path directory, int major, String address) {
        String binaries = "/postgres-" + major + "/postgres-linux-x86_64.txz";
        try {
            var server = io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
                    .setPgBinaryResolver((system, hardware) -> binaries(binaries))
                    .setPort(Ports.free())
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(true)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setServerConfig("listen_addresses", "127.0.0.1".equals(address) ? address : "127.0.0.1," + address)
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("max_wal_senders", "10")
                    .setServerConfig("max_replication_slots", "10")
                    .setServerConfig("max_connections", "100")
                    .setServerConfig("wal_sender_timeout", "0")
                    .setServerConfig("fsync", "off") // a child process: it survives what its parent does not
                    .setServerConfig("synchronous_commit", "on") // else a commit is in the log for readers 0.2 s later
                    .setServerConfig("timezone", "UTC")
                    .setServerConfig("max_wal_size", "1GB")
                    .setLocaleConfig("locale", "C.UTF-8")
                    .setLocaleConfig("encoding", "UTF8")
                    .start();
            return new EmbeddedPostgres(server, address, postmaster(directory));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PostgreSQL " + major + " in " + directory, e);
        }
    }

    /** PostgreSQL documentation, "Creating a Database Cluster": the first line of its lock file is its process's id. */
    private static Optional<ProcessHandle> postmaster(Path directory) throws IOException {
        try (var lines = Files.lines(directory.resolve("postmaster.pid"))) {
            return lines.findFirst().flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())));
        }
    }

    private static InputStream binaries(String resource) throws IOException {
        InputStream stream = EmbeddedPostgres.class.getResourceAsStream(resource);
        if (stream == null) throw new IOException("the build holds no " + resource);
        return stream;
    }

    public String url(String database) {
        return "jdbc:postgresql://" + address + ":" + server.getPort() + "/" + database;
    }

    public int port() {
        return server.getPort();
    }

    public String user() {
        return "postgres";
    }

    public String password() {
        return PASSWORD;
    }

    public void createDatabase(String name) {
        try (var connection = DriverManager.getConnection(url("postgres"), user(), password());
                var statement = connection.createStatement()) {
            statement.execute("create database \"" + name + "\"");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
    }

    /** Stops the server as a power cut would; its directory goes too. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            postmaster.ifPresent(EmbeddedPostgres::end);
        }
    }

    /** When the whole process ends, the library's own hook may be stopping the server, and its close returns before that is done. */
    private static void end(ProcessHandle process) {
        try {
            process.onExit().get(ENDING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
