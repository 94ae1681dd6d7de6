package dev.lockstep.schemas.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mysql.MySQLContainer;

/**
 * A real MySQL for tests: one of those at {@code LOCKSTEP_MYSQL_URLS} ({@code jdbc:mysql://127.0.0.1:3306/}, user and password
 * {@code lockstep}, all rights; separated by spaces, one for each JVM that tests at the same time, of which there are
 * {@code lockstep.forks}), else one in Docker, else the test is skipped, or fails where {@code LOCKSTEP_REQUIRE_LANES} is set.
 */
public final class TestMySql {

    private static final String USER = "lockstep";

    private TestMySql() {}

    /**
     * A new, empty database of this name. Lockstep's own is dropped with it: the server is shared by one test after another.
     *
     * @param directory for the file that keeps the password
     */
    public static Endpoint database(String name, Path directory) throws IOException, SQLException {
        String server = server();
        try (var connection = DriverManager.getConnection(server + "?allowPublicKeyRetrieval=true", USER, USER);
                var statement = connection.createStatement()) {
            for (String old : new String[] {"lockstep", name}) statement.execute("drop database if exists " + old);
            statement.execute("create database " + name + " character set utf8mb4 collate utf8mb4_bin");
        }
        Path password = Files.writeString(directory.resolve("mysql-password"), USER);
        return new Endpoint(server + name, USER, new Secret("${file:" + password + "}"));
    }

    /** Ends in a slash. All tests of this JVM have the same one. */
    public static String server() {
        String urls = System.getenv("LOCKSTEP_MYSQL_URLS");
        if (urls != null) return mine(urls.split(" "));
        if (DockerClientFactory.instance().isDockerAvailable()) return Container.url();
        String missing = "no MySQL: neither LOCKSTEP_MYSQL_URLS nor Docker";
        return System.getenv("LOCKSTEP_REQUIRE_LANES") != null ? fail(missing) : abort(missing);
    }

    private static String mine(String[] urls) {
        int fork = Integer.parseInt(System.getProperty("lockstep.fork", "JVM 1").substring("JVM ".length()));
        if (fork > urls.length)
            return fail("LOCKSTEP_MYSQL_URLS has %d servers, and JVM %d tests: give more, or -Dlockstep.forks=%1$d"
                    .formatted(urls.length, fork));
        return urls[fork - 1].replaceFirst("/[^/]*$", "/");
    }

    /** One for all tests of a JVM; Testcontainers removes it with the JVM. */
    private static final class Container {

        private static final MySQLContainer MYSQL = new MySQLContainer("mysql:8.4")
                .withUsername("root")
                .withPassword("root")
                .withCommand("--gtid-mode=ON", "--enforce-gtid-consistency=ON", "--binlog-format=ROW");

        static synchronized String url() {
            if (!MYSQL.isRunning()) {
                MYSQL.start();
                createUser();
            }
            return "jdbc:mysql://" + MYSQL.getHost() + ":" + MYSQL.getFirstMappedPort() + "/";
        }

        private static void createUser() {
            try (var connection = DriverManager.getConnection(MYSQL.getJdbcUrl(), "root", "root");
                    var statement = connection.createStatement()) {
                statement.execute("create user " + USER + " identified by '" + USER + "'");
                statement.execute("grant all on *.* to " + USER + " with grant option");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
