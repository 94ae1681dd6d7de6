package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables change under a run: it pauses with the change's name, also when it is killed meanwhile, and resumes once both sides match. */
class PausedRunIT {

    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private static final String NAMES = "create view shop.names as select name from shop.item";

    @TempDir
    Path directory;

    @Test
    void pausesForEveryChangeOfATableAndGoesOnWhenBothSidesMatch() throws Exception {
        try (EmbeddedPostgres source = EmbeddedPostgres.start(directory.resolve("s"), 17, "127.0.0.1");
                EmbeddedPostgres target = EmbeddedPostgres.start(directory.resolve("t"), 17, "127.0.0.1")) {
            for (EmbeddedPostgres server : new EmbeddedPostgres[] {source, target}) {
                server.createDatabase("shop");
                execute(
                        server,
                        "create schema shop",
                        "create table shop.item (id int primary key, name varchar(40))",
                        "create table shop.place (id int primary key, name varchar(40))");
            }
            execute(
                    source,
                    "insert into shop.item values (1, 'one')",
                    "insert into shop.place values (1, 'here')",
                    NAMES,
                    "create role reporting");
            Path file = file(source, target);
            Migration migration = MigrationFile.load(file);
            Path output = directory.resolve("output.txt");

            try (RunProcess run = RunProcess.start(file, migration, output)) {
                run.await("proof", PATIENCE, equal(1, 1));
                assertThat(Command.ask("resume", file)).as("it is not paused").contains("not paused");

                execute(
                        source,
                        "insert into shop.item values (2, 'two')",
                        "alter table shop.item add column price int",
                        "insert into shop.item values (3, 'three', 3)",
                        "insert into shop.place values (2, 'there')");
                Status paused = run.await("pause", PATIENCE, status -> status.paused() != null);
                assertThat(paused.paused().change()).contains("source table shop.item", "column price was added");
                assertThat(paused.paused().remedy()).contains("lockstep resume");
                Awaitility.await("what came before, and no more")
                        .atMost(PATIENCE)
                        .until(() -> count(target), count -> count == 2);
                assertThat(paused.awaited()).contains("paused").contains("price");
                assertThat(run.await(
                                        "gates",
                                        PATIENCE,
                                        status -> !status.gates().isEmpty())
                                .gates())
                        .filteredOn(gate -> gate.rule().equals("schema"))
                        .allMatch(gate -> gate.state().equals("CLOSED"));
                assertThat(Command.ask("cutover", file))
                        .contains("paused")
                        .contains("inventory: 1 item is not accounted for: view shop.names");
                assertThat(count(target)).isEqualTo(2);
                assertThat(Command.ask("resume", file)).contains("shop.item.price");
                run.kill();
            }
            change(target, NAMES);
            try (RunProcess run = RunProcess.start(file, migration, output)) {
                Status paused = run.await("pause outlives the process", PATIENCE, status -> status.paused() != null);
                assertThat(paused.paused().change()).contains("column price was added");

                execute(source, "alter table shop.item drop column price", "insert into shop.item values (4, 'four')");
                assertThat(Command.ask("resume", file)).isEmpty();
                run.await(
                        "nothing is lost",
                        PATIENCE,
                        status -> status.paused() == null && equal(4, 2).test(status));

                execute(source, "create table shop.thing (id int primary key)");
                paused = run.await("a new table", PATIENCE, status -> status.paused() != null);
                assertThat(paused.paused().change()).contains("shop.thing is new");
                assertThat(Command.ask("resume", file)).contains("the target has no table shop.thing");
                execute(source, "drop table shop.thing");
                assertThat(Command.ask("resume", file)).isEmpty();
                run.await(
                        "it flows again",
                        PATIENCE,
                        status -> status.paused() == null && equal(4, 2).test(status));

                change(target, "alter table shop.place rename column name to title");
                paused = run.await("a change of the target", PATIENCE, status -> status.paused() != null);
                assertThat(paused.paused().change()).contains("target table shop.place", "name was renamed to title");
                assertThat(paused.paused().remedy()).contains("lockstep resume");
                execute(source, "insert into shop.place values (3, 'between')");
                assertThat(Command.ask("resume", file)).contains("shop.place", "name");
                change(target, "alter table shop.place rename column title to name");
                assertThat(Command.ask("resume", file)).isEmpty();
                run.await(
                        "both sides match again",
                        PATIENCE,
                        status -> status.paused() == null && equal(4, 3).test(status));
                run.await("what hangs on the source is on the target", PATIENCE, PausedRunIT::isAccountedFor);
                killWhileFenced(run, source, target, file);
            }
            String good = Files.readString(file);
            Files.writeString(file, good.replace("[\"shop.*\"]", "[\"shop.*\"], each: {shop.nowhere: {target: x}}"));
            try (RunProcess run = RunProcess.start(file, migration, output)) {
                assertThat(run.awaitExit(PATIENCE)).as("the checks fail").isEqualTo(1);
                assertThat(Files.readString(output)).contains("shop.nowhere");
            }
            execute(source, "insert into shop.place values (4, 'the writes are back')");
            Files.writeString(file, good);
            try (RunProcess run = RunProcess.start(file, migration, output)) {
                run.await("it follows again", PATIENCE, equal(4, 4));
                execute(source, "truncate shop.item");
                Status paused = run.await("a truncate", PATIENCE, status -> status.paused() != null);
                assertThat(paused.paused().change()).contains("shop.item was truncated");
                change(
                        target,
                        "alter table shop.place drop column name",
                        "alter table shop.place add column name varchar(40)");
                assertThat(Command.ask("resume", file)).isEmpty();
                run.await(
                        "both were copied anew: of the one the rows, of the other a column's values are gone, and no log tells",
                        PATIENCE,
                        status -> rows(status, "shop.item@1") == 0 && rows(status, "shop.place@1") == 4);
            }
        }
    }

    /** The applier is held up at the last barrier, so that the cutover cannot get beyond the fence. */
    private static void killWhileFenced(RunProcess run, EmbeddedPostgres source, EmbeddedPostgres target, Path file)
            throws Exception {
        change(
                target,
                "create function public.hold() returns trigger language plpgsql as"
                        + " 'begin perform pg_advisory_xact_lock_shared(7); return new; end'",
                "create trigger hold before update on lockstep.barrier for each row execute function public.hold()",
                "alter table lockstep.barrier enable always trigger hold");
        try (Connection holding = connect(target)) {
            Awaitility.await("all gates open")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(700))
                    .until(() -> {
                        execute(holding, "select pg_advisory_lock(7)");
                        if (Command.ask("cutover", file).isEmpty()) return true;
                        execute(holding, "select pg_advisory_unlock(7)");
                        return false;
                    });
            Awaitility.await("the source is fenced").atMost(PATIENCE).until(() -> !takesWrites(source));
            run.kill();
        }
        change(target, "drop trigger hold on lockstep.barrier");
        assertThat(takesWrites(source)).isFalse();
    }

    private static boolean takesWrites(EmbeddedPostgres server) throws Exception {
        try (Connection connection = connect(server);
                var rows = connection.createStatement().executeQuery("show transaction_read_only")) {
            rows.next();
            return rows.getString(1).equals("off");
        }
    }

    private Path file(EmbeddedPostgres source, EmbeddedPostgres target) throws Exception {
        return Files.writeString(directory.resolve("m.yaml"), """
                migration: paused
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["shop.*"]}
                cutover: {hold: 1s, writePauseBudget: 100s, maxAppliedLag: 60s, maxProvenLag: 60s}
                inventory: {settled: {"user reporting": ends with the old server}}
                """.formatted(
                directory.resolve("state"), source.url("shop"), source.user(), target.url("shop"), target.user()));
    }

    private static boolean isAccountedFor(Status status) {
        return status.gates().stream()
                .anyMatch(
                        gate -> gate.rule().equals("inventory") && gate.state().equals("OPEN"));
    }

    private static Predicate<Status> equal(long items, long places) {
        return status -> status.proof().tables().stream()
                        .filter(Status.TableStatus::equal)
                        .filter(table -> table.rowsSource() == (table.table().equals("shop.item") ? items : places))
                        .count()
                == 2;
    }

    /** Of a table that is equal on both sides; -1 of any other. */
    private static long rows(Status status, String table) {
        return status.proof().tables().stream()
                .filter(found -> found.table().equals(table) && found.equal())
                .mapToLong(Status.TableStatus::rowsTarget)
                .findFirst()
                .orElse(-1);
    }

    private static long count(EmbeddedPostgres server) {
        return TableRows.count(new Endpoint(server.url("shop"), server.user(), null), "shop.item");
    }

    /** Behind the fence, as an administrator would. */
    private static void change(EmbeddedPostgres server, String... lines) throws Exception {
        try (Connection connection = connect(server)) {
            execute(connection, "set default_transaction_read_only = off");
            execute(connection, lines);
        }
    }

    private static void execute(EmbeddedPostgres server, String... lines) throws Exception {
        try (Connection connection = connect(server)) {
            execute(connection, lines);
        }
    }

    private static void execute(Connection connection, String... lines) throws Exception {
        try (var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws Exception {
        return DriverManager.getConnection(server.url("shop"), server.user(), server.password());
    }
}
