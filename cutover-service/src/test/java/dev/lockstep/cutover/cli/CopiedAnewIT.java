package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables change under load in ways that no log tells the rows of; both sides are changed alike and the migration is resumed: those tables
 * alone are copied anew, also when the process is killed meanwhile, and both sides are equal in the end.
 */
class CopiedAnewIT {

    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final int ROWS = 20_000;

    @TempDir
    Path directory;

    private Migration migration;
    private Path file;

    @Test
    void fromPostgresToMariaDb() throws Exception {
        try (EmbeddedPostgres source = EmbeddedPostgres.start(directory.resolve("s"), 17, "127.0.0.1");
                EmbeddedMariaDb target = EmbeddedMariaDb.start(directory.resolve("t"), "127.0.0.1")) {
            source.createDatabase("shop");
            target.createDatabase("shop");
            migrate(source.url("shop"), source.user(), target.url("shop"), target.user(), "[]", false);
        }
    }

    @Test
    void fromMariaDbToPostgresInTwoLanes() throws Exception {
        try (EmbeddedMariaDb source = EmbeddedMariaDb.start(directory.resolve("s"), "127.0.0.1");
                EmbeddedPostgres target = EmbeddedPostgres.start(directory.resolve("t"), 17, "127.0.0.1")) {
            source.createDatabase("shop");
            target.createDatabase("shop");
            migrate(source.url("shop"), source.user(), target.url("shop"), target.user(), "[[shop.item]]", true);
        }
    }

    /**
     * @param lanes as the migration file has them
     * @param changeAgain whether a table changes once more before the copy is through
     */
    private void migrate(
            String source, String sourceUser, String target, String targetUser, String lanes, boolean changeAgain)
            throws Exception {
        file = Files.writeString(directory.resolve("m.yaml"), """
                migration: anew
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["shop.*"]}
                lanes: %s
                copy: {maxRowsPerSecond: 3000}
                """.formatted(
                        directory.resolve("state"), source, sourceUser, target, targetUser, lanes));
        migration = MigrationFile.load(file);
        for (Endpoint side : List.of(migration.source(), migration.target())) {
            if (side.dialect().engine().equals("postgresql")) execute(side, "create schema shop");
            execute(
                    side,
                    "create table shop.item (id int primary key, name varchar(40), code int unique)",
                    "create table shop.place (id int primary key, name varchar(40))");
        }
        fill();
        Path output = directory.resolve("output.txt");
        try (Load load = new Load(migration.source())) {
            try (RunProcess run = RunProcess.start(file, migration, output)) {
                awaitEqual(run, Set.of("shop.item", "shop.place"));
                addColumn();
                Status paused = run.await("pause", PATIENCE, status -> status.paused() != null);
                assertThat(paused.paused().change()).contains("shop.item", "price");
                resume();
                run.await(
                        "the copy anew",
                        PATIENCE,
                        status -> status.copy().source() != null
                                && isUnderWay(status.copy().source().rows()));
                run.kill();
            }
            if (changeAgain)
                for (Endpoint side : List.of(migration.source(), migration.target()))
                    execute(side, "alter table shop.place add column street varchar(40)");
            try (RunProcess run = RunProcess.start(file, migration, output)) {
                if (changeAgain) {
                    run.await("pause", PATIENCE, status -> status.paused() != null);
                    resume();
                }
                String item = changeAgain ? "shop.item@2" : "shop.item@1";
                awaitEqual(run, Set.of(item, changeAgain ? "shop.place@2" : "shop.place"));

                execute(migration.source(), "truncate table shop.place");
                Status paused = run.await("pause", PATIENCE, status -> status.paused() != null);
                assertThat(paused.paused().change()).contains("place");
                execute(
                        migration.source(),
                        "create table shop.thing (id int primary key, name varchar(40))",
                        "insert into shop.thing select id, name from shop.item");
                execute(
                        migration.target(),
                        "create table shop.thing (id int primary key, name varchar(40))",
                        "insert into shop.thing values (-1, 'not ours')");
                assertThat(Command.ask("resume", file)).contains("shop.thing", "has rows", "delete from");
                execute(migration.target(), "delete from shop.thing");
                resume();
                String place = changeAgain ? "shop.place@3" : "shop.place@2";
                String thing = changeAgain ? "shop.thing@3" : "shop.thing@2";
                awaitEqual(run, Set.of(item, place, thing));
                load.close();
                awaitEqual(run, Set.of(item, place, thing));
                for (String table : List.of("shop.item", "shop.place", "shop.thing")) assertSameRows(table);
            }
        }
    }

    private static boolean isUnderWay(long rows) {
        return rows > 0 && rows < ROWS * 3 / 4;
    }

    /** Existing rows get the price without a word in the log, and on the target another one. */
    private void addColumn() throws SQLException {
        execute(migration.source(), "alter table shop.item add column price int default 7");
        execute(migration.source(), "update shop.item set price = id where id < 100");
        execute(migration.target(), "alter table shop.item add column price int default 8");
    }

    private void resume() {
        assertThat(Command.ask("resume", file)).isEmpty();
    }

    private static void awaitEqual(RunProcess run, Set<String> tables) {
        run.await(
                "both sides equal: " + tables,
                PATIENCE,
                status -> status.paused() == null
                        && status.mismatches().isEmpty()
                        && status.proof().tables().stream()
                                .map(Status.TableStatus::table)
                                .collect(Collectors.toSet())
                                .equals(tables)
                        && status.proof().tables().stream().allMatch(table -> table.equal() && table.rowsSource() > 0));
    }

    private void assertSameRows(String table) throws Exception {
        org.awaitility.Awaitility.await(table)
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(TableRows.of(migration.target(), table))
                        .isEqualTo(TableRows.of(migration.source(), table)));
    }

    private void fill() throws SQLException {
        try (Connection connection = migration.source().connectWriter()) {
            connection.setAutoCommit(false);
            try (var insert = connection.prepareStatement("insert into shop.item values (?, ?, ?)")) {
                for (int id = 0; id < ROWS; id++) {
                    insert.setInt(1, id);
                    insert.setString(2, "item " + id);
                    insert.setInt(3, id);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.createStatement().execute("insert into shop.place (id, name) values (-1, 'here')");
            connection.commit();
        }
    }

    private static void execute(Endpoint side, String... lines) throws SQLException {
        try (Connection connection = side.connectWriter();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }

    /** Inserts, updates, deletes, and swaps of unique values, all the while. */
    private static final class Load implements AutoCloseable {

        private final Endpoint source;
        private final Thread thread;
        private volatile boolean closed;
        private volatile @Nullable Exception failure;

        Load(Endpoint source) {
            this.source = source;
            thread = new Thread(this::run, "load");
            thread.start();
        }

        private void run() {
            Random random = new Random(7);
            try (Connection connection = source.connectWriter();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                for (int i = 0; !closed; i++) {
                    try {
                        write(statement, random, i);
                        connection.commit();
                    } catch (
                            SQLTransactionRollbackException deadlock) { // with the filling of a new table from this one
                        connection.rollback();
                    }
                    Thread.sleep(3);
                }
            } catch (SQLException | InterruptedException e) {
                if (!closed) failure = e;
            }
        }

        private static void write(Statement statement, Random random, int i) throws SQLException {
            int one = random.nextInt(ROWS / 2);
            int other = ROWS / 2 + random.nextInt(ROWS / 2);
            statement.execute("update shop.item set code = null where id in (" + one + ", " + other + ")");
            statement.execute("update shop.item set code = " + (i % 2 == 0 ? other : one) + ", name = 'n" + i
                    + "' where id = " + (i % 2 == 0 ? one : other)
                    + " and not exists (select 1 from (select code from shop.item) c where c.code = "
                    + (i % 2 == 0 ? other : one) + ")");
            statement.execute("delete from shop.item where id = " + random.nextInt(ROWS) + " and id % 10 = 3");
            statement.execute("insert into shop.place (id, name) values (" + i + ", 'place " + i + "')");
            if (i % 3 == 0) statement.execute("delete from shop.place where id = " + (i - 20));
        }

        @Override
        public void close() throws InterruptedException {
            closed = true;
            thread.join();
            assertThat(failure).isNull();
        }
    }
}
