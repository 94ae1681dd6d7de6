package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process dies with the source's fence up, and the target's machine with it: whoever writes on the source needs neither. */
class OtherSideAwayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(150);

    @TempDir
    Path directory;

    @Test
    void givesWritesBackOnTheSourceWhileTheTargetIsAway() throws Exception {
        try (EmbeddedMariaDb source = EmbeddedMariaDb.start(directory.resolve("s"), "127.0.0.1")) {
            try (EmbeddedMariaDb target = EmbeddedMariaDb.start(directory.resolve("t"), "127.0.0.1")) {
                for (EmbeddedMariaDb server : new EmbeddedMariaDb[] {source, target}) {
                    server.createDatabase("shop");
                    execute(
                            server,
                            server.user(),
                            "create table shop.item (id int primary key)",
                            "create user shop_app@'%' identified by 'secret'",
                            "grant insert on shop.* to shop_app@'%'");
                }
                dieWithTheFenceUp(migration(source, target));
                assertThat(isOpen(source)).isFalse();
            }

            try (RunProcess run = RunProcess.start(file(), MigrationFile.load(file()), output())) {
                Awaitility.await("writes on the source")
                        .atMost(PATIENCE)
                        .failFast("the process has ended with the fence up", () -> !run.isAlive() && !isOpen(source))
                        .until(() -> isOpen(source));
                execute(source, "shop_app", "insert into shop.item values (1)");
                assertThat(run.awaitExit(PATIENCE))
                        .as("it says that the target is away")
                        .isEqualTo(1);
            }
            assertThat(Files.readString(output())).contains("target");
        }
    }

    private void dieWithTheFenceUp(Migration migration) throws Exception {
        Path crash = directory.resolve("crash");
        try (RunProcess run = RunProcess.startCrashing(file(), migration, output(), directory.resolve("acts"), crash)) {
            run.await("gates to open", PATIENCE, OtherSideAwayIT::mayMove);
            Files.writeString(crash, "after source.stop");
            Awaitility.await("a cutover").atMost(PATIENCE).until(run::cutover, Integer.valueOf(0)::equals);
            assertThat(run.awaitExit(PATIENCE)).isEqualTo(137);
        }
    }

    private static boolean mayMove(Status status) {
        return !status.gates().isEmpty()
                && status.gates().stream().allMatch(gate -> gate.state().equals("OPEN"));
    }

    private Path file() {
        return directory.resolve("m.yaml");
    }

    private Path output() {
        return directory.resolve("output.txt");
    }

    private Migration migration(EmbeddedMariaDb source, EmbeddedMariaDb target) throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "secret");
        Files.writeString(file(), """
                migration: away
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["shop.*"]}
                cutover: {hold: 1s, maxAppliedLag: 60s, maxProvenLag: 60s, writePauseBudget: 100s, applicationUser: shop_app, applicationPassword: "${file:%s}"}
                """.formatted(
                        directory.resolve("state"),
                        source.url("shop"),
                        source.user(),
                        target.url("shop"),
                        target.user(),
                        password));
        return MigrationFile.load(file());
    }

    private static boolean isOpen(EmbeddedMariaDb server) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url("shop"), server.user(), "");
                var statement = connection.createStatement();
                var row = statement.executeQuery("select @@global.read_only")) {
            row.next();
            return row.getInt(1) == 0;
        }
    }

    private static void execute(EmbeddedMariaDb server, String user, String... lines) throws SQLException {
        String password = user.equals(server.user()) ? "" : "secret";
        try (Connection connection = DriverManager.getConnection(server.url("shop"), user, password);
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }
}
