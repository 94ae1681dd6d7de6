package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.fence.FenceState;
import dev.lockstep.cutover.fence.Fences;
import dev.lockstep.cutover.forecast.Forecast;
import dev.lockstep.cutover.phase.ActObserver;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.ingest.preflight.Finding;
import dev.lockstep.ingest.preflight.Preflight;
import dev.lockstep.ingest.preflight.PreflightReport;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import dev.lockstep.schemas.migration.Secret;
import dev.lockstep.schemas.testing.TestMySql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A whole migration, there and, as a check fails, back by itself, by users who hold the documented grants and no more, each engine once as source and once as target: tables and columns
 * renamed, columns left out, two schemas, partitions, and keys that are no primary keys and change.
 */
class LeastGrantsIT {

    private static final int TABLES = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    static Path directory;

    private static EmbeddedPostgres postgres;
    private static EmbeddedMariaDb mariaDb;
    private static Path password;
    private static Path well; // there as long as the application is

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 16, "127.0.0.1");
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        password = Files.writeString(directory.resolve("password"), LeastGrants.PASSWORD);
        well = directory.resolve("well");
    }

    @AfterAll
    static void stop() {
        mariaDb.close();
        postgres.close();
    }

    @ParameterizedTest
    @CsvSource({"postgresql, mariadb", "mariadb, mysql", "mysql, postgresql"})
    void movesEverythingWithTheDocumentedGrants(String from, String to) throws Exception {
        Files.writeString(well, "");
        Endpoint sourceAdmin = database(from, "shop");
        Endpoint targetAdmin = database(to, "store");
        execute(sourceAdmin, createSchemas(from, "shop", "audit"));
        execute(sourceAdmin, sourceTables(from));
        execute(targetAdmin, createSchemas(to, "store", "trail"));
        execute(targetAdmin, targetTables(from, to));
        Endpoint source = lockstep(sourceAdmin, from, "mover_" + from + "_out", List.of("shop", "audit"));
        Endpoint target = lockstep(targetAdmin, to, "mover_" + to + "_in", List.of("store", "trail"));
        execute(sourceAdmin, application(from, "shop"));
        execute(targetAdmin, application(to, "store"));
        Migration migration = migration(from, source, target);

        try {
            PreflightReport preflight = Preflight.check(migration);
            assertThat(preflight.describe(Finding.Level.FAIL)).isEmpty();
            assertThat(preflight.tables()).hasSize(TABLES);
            assertThat(preflight.describe(Finding.Level.WARN))
                    .contains("store.clients [joined]")
                    .contains("keeps [kind, n] unique");
            run(migration, preflight, sourceAdmin, targetAdmin);
            assertThat(read(targetAdmin, "select id, mail from store.clients order by id"))
                    .containsExactly("1 a2@x", "3 c2@x", "4 d@x");
            assertThat(read(sourceAdmin, "select id, email, coalesce(legacy, '-') from shop.customers order by id"))
                    .as("what is left out stays where it was")
                    .containsExactly("1 a2@x left out", "3 c2@x old", "4 d@x -");
            assertThat(read(sourceAdmin, "select kind, n, words from shop.events order by 1, 2"))
                    .containsExactly("k 1 one");
            assertThat(read(sourceAdmin, "select mark, code, n from shop.badges order by n"))
                    .containsExactly("lead ABC 1", "lead x 3");
            assertThat(read(sourceAdmin, "select id, words from audit.log order by id"))
                    .containsExactly("5 low", "99 moved");
            assertThat(read(targetAdmin, "select device, at_second, reading from store.readings order by 1, 2"))
                    .containsExactly("a 1 10", "b 7 20", "c 3 30");
            assertThat(read(targetAdmin, "select kind, n, words from store.events order by 1, 2"))
                    .containsExactly("k 1 one");
            assertThat(read(targetAdmin, "select mark, code, n from store.badges order by n"))
                    .containsExactly("lead ABC 1", "lead x 3");
            assertThat(read(targetAdmin, "select id, words from trail.log order by id"))
                    .containsExactly("5 low", "99 moved");
        } finally {
            if (!to.equals("postgresql")) execute(targetAdmin, "set global read_only = off");
            if (!from.equals("postgresql")) execute(sourceAdmin, "set global read_only = off");
        }
    }

    private static void run(Migration migration, PreflightReport preflight, Endpoint source, Endpoint target)
            throws Exception {
        Beginning beginning =
                new Beginning(preflight, TableAgreement.of(migration, preflight.tables()), java.util.Optional.empty());
        try (MigrationRun run =
                new MigrationRun(migration, beginning, status -> {}, ActObserver.NONE, Clock.systemUTC())) {
            CompletableFuture<PhaseName> end = CompletableFuture.supplyAsync(() -> phase(run));
            await(run, end, LeastGrantsIT::allEqual);
            execute(source, CHANGES);
            long barriers = run.status().proof().barriers();
            await(run, end, status -> status.proof().barriers() > barriers + 8 && allEqual(status));
            rehearseUnderLoad(run, migration.source());
            await(
                    run,
                    end,
                    status -> allEqual(status) && run.requests().cutover().isEmpty());
            await(run, end, status -> status.phase().equals("SOAKING"));
            rehearseTheWayBack(run);
            loseTheFence(migration, source);
            execute(target, ON_TARGET);
            Instant asked = Instant.now();
            run.pipeline().scanner.ask(List.of(), null);
            await(run, end, status -> isScanned(status, asked));
            staysWhereTheFenceCannotBeTried(run, end, target);
            Files.delete(well);
            await(
                    run,
                    end,
                    status -> status.phase().equals("FOLLOWING")
                            && status.phases().stream()
                                    .anyMatch(entry -> entry.phase().equals("ROLLED_BACK")));
            assertThat(run.status().phases())
                    .extracting(Status.PhaseEntry::reason)
                    .anyMatch(reason -> reason.contains("rollback by itself: the check has failed"));
            foretellFromTheMovesBefore(run);
            run.stop();
            assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(PhaseName.FOLLOWING);
        }
    }

    private static void rehearseUnderLoad(MigrationRun run, Endpoint source) throws Exception {
        Endpoint application = new Endpoint(source.url(), "shop_app", source.password());
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> writes = CompletableFuture.supplyAsync(() -> write(application, over));
        Forecast forecast;
        try {
            forecast = run.rehearse(2);
        } finally {
            over.set(true);
        }

        assertThat(writes.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("writes meanwhile, none refused, in a session that nobody has ended")
                .isGreaterThan(10);
        assertThat(run.status().phase()).isEqualTo("FOLLOWING");
        assertThat(forecast.trouble()).isEmpty();
        assertThat(forecast.move()).isEqualTo("cutover");
        assertThat(forecast.drills()).isEqualTo(2);
        assertThat(steps(forecast, "drilled"))
                .containsExactly(
                        "the last barrier is applied",
                        "a trial comes the other way",
                        "whether the fences are up is looked at");
        assertThat(steps(forecast, "unknown"))
                .containsExactly(
                        "the fence is raised",
                        "sequences and auto-increment counters are set",
                        "the other side is opened",
                        "the entries in the journal");
        assertThat(forecast.pause().steps())
                .filteredOn(step -> step.basis().equals("drilled"))
                .allSatisfy(step -> {
                    assertThat(step.samples()).isEqualTo(2);
                    assertThat(step.medianMillis()).isPositive().isLessThanOrEqualTo(step.largestMillis());
                });
        assertThat(forecast.pause().complete()).isFalse();
        assertThat(forecast.pause().expectedMillis())
                .isPositive()
                .isLessThanOrEqualTo(forecast.pause().upperMillis());
        assertThat(forecast.gates()).isNotEmpty();
        assertPlanned(forecast, "source", "target", "6 tables must be proven equal at it: audit.log, shop.badges,");
    }

    /** As the application: every ten milliseconds, in one session. How often. */
    private static int write(Endpoint application, AtomicBoolean over) {
        try (Connection connection = application.connect();
                var update = connection.prepareStatement("update shop.customers set name = ? where id = 1")) {
            int writes = 0;
            for (; !over.get(); writes++) {
                update.setString(1, "n" + writes);
                assertThat(update.executeUpdate()).isEqualTo(1);
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
            return writes;
        } catch (SQLException e) {
            throw new AssertionError("a write was stopped", e);
        }
    }

    private static void rehearseTheWayBack(MigrationRun run) {
        Forecast forecast = run.rehearse(1);

        assertThat(forecast.trouble()).isEmpty();
        assertThat(forecast.move()).isEqualTo("rollback");
        assertThat(steps(forecast, "earlier moves"))
                .as("what is the same in both")
                .containsExactly("sequences and auto-increment counters are set", "the entries in the journal");
        assertThat(steps(forecast, "unknown")).containsExactly("the fence is raised", "the other side is opened");
        assertThat(forecast.earlierMillis()).isEmpty();
        assertThat(run.status().phase()).isEqualTo("SOAKING");
        assertPlanned(forecast, "target", "source", "6 tables must be proven equal at it: audit.log, shop.badges,");
    }

    /** Of what cannot be drilled, too, there is a figure by now. */
    private static void foretellFromTheMovesBefore(MigrationRun run) {
        Forecast forecast = run.rehearse(1);

        assertThat(forecast.trouble()).isEmpty();
        assertThat(forecast.move()).isEqualTo("cutover");
        assertThat(forecast.pause().complete()).isTrue();
        assertThat(forecast.pause().upperMillis())
                .isGreaterThanOrEqualTo(forecast.pause().expectedMillis());
        assertThat(forecast.earlierMillis())
                .singleElement()
                .satisfies(pause -> assertThat(pause).isPositive());
        assertThat(forecast.pause().steps())
                .filteredOn(step -> step.step().startsWith("the fence is raised"))
                .singleElement()
                .satisfies(step ->
                        assertThat(step.samples()).as("not the rollback's").isEqualTo(1));
    }

    /** The steps' beginnings, of those with that basis. */
    private static List<String> steps(Forecast forecast, String basis) {
        return forecast.pause().steps().stream()
                .filter(step -> step.basis().equals(basis))
                .map(step -> step.step().replaceFirst(",.*", ""))
                .toList();
    }

    private static void assertPlanned(Forecast forecast, String from, String to, String tables) {
        List<String> begins = List.of(
                "1. writes stand still from here on, for 100 s at most",
                "2. fence the " + from + " (",
                "3. write the last barrier there; " + tables,
                "4. send a trial from the " + to + " to the " + from,
                "5. set no counters",
                "6. write a barrier once more; ",
                "7. no DNS is updated: you move the traffic yourself once the " + to + " is open",
                "8. open the " + to + " (",
                "9. ");
        assertThat(forecast.plan()).hasSameSizeAs(begins);
        for (int i = 0; i < begins.size(); i++)
            assertThat(forecast.plan().get(i)).startsWith(begins.get(i));
        assertThat(forecast.plan().get(1)).contains("a write as shop_app must be refused");
        assertThat(forecast.plan().get(8)).contains(from.equals("source") ? "lockstep rollback" : "lockstep cutover");
    }

    /** As a restart of the server does, or somebody's hand. Who still comes there must not write for long. */
    private static void loseTheFence(Migration migration, Endpoint source) throws SQLException {
        execute(
                source,
                source.dialect().engine().equals("postgresql")
                        ? "do $$ begin execute format('alter database %I reset default_transaction_read_only', current_database()); end $$"
                        : "set global read_only = off");
        Awaitility.await("the fence again")
                .atMost(PATIENCE)
                .until(() -> Fences.of(migration, Side.SOURCE).observe() instanceof FenceState.Raised);
    }

    /** No write stands still for a way back that could not end well. */
    private static void staysWhereTheFenceCannotBeTried(
            MigrationRun run, CompletableFuture<PhaseName> end, Endpoint target) throws SQLException {
        boolean postgresql = target.dialect().engine().equals("postgresql");
        execute(target, postgresql ? "alter role shop_app nologin" : "alter user shop_app@'%' account lock");
        await(
                run,
                end,
                status -> run.requests()
                        .rollback("the test")
                        .filter(why -> why.contains("the target's fence cannot be tried"))
                        .isPresent());
        execute(target, postgresql ? "alter role shop_app login" : "alter user shop_app@'%' account unlock");
    }

    private static final String[] ON_TARGET = {
        "insert into store.clients (id, name, mail) values (4, 'd', 'd@x')",
        "update store.clients set mail = 'a2@x' where id = 1",
        "delete from store.events where n = 9",
        "update store.badges set n = 3 where code = 'x'",
        "update trail.log set id = 99 where id = 150"
    };

    private static PhaseName phase(MigrationRun run) {
        try {
            return run.run().name();
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static void await(
            MigrationRun run, CompletableFuture<PhaseName> end, java.util.function.Predicate<Status> condition) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .failFast(() -> {
                    if (end.isDone()) end.join();
                })
                .untilAsserted(() -> assertThat(run.status()).matches(condition));
    }

    /** Also while the application writes on the target. */
    private static boolean isScanned(Status status, Instant since) {
        return status.phase().equals("SOAKING")
                && status.scan().tables().size() == TABLES
                && status.scan().tables().stream()
                        .allMatch(table -> table.done() && table.started().isAfter(since) && table.clean() != null);
    }

    private static boolean allEqual(Status status) {
        return status.proof().tables().size() == TABLES
                && status.proof().mismatches() == 0
                && status.proof().tables().stream().allMatch(Status.TableStatus::equal);
    }

    private static final String[] CHANGES = {
        "insert into shop.customers values (3, 'c', 'c@x', 'old')",
        "update shop.customers set email = 'c2@x' where id = 3",
        "delete from shop.customers where id = 2",
        "update shop.customers set legacy = 'left out' where id = 1",
        "update shop.readings set at_second = 7 where device = 'b'",
        "insert into shop.readings values ('c', 3, 30)",
        "update shop.events set n = 9 where words = 'two'",
        "delete from shop.events where words = 'three'",
        "update shop.moments set at = '2026-03-29 02:30:00.000001' where n = 1",
        "update shop.badges set code = 'ABC' where n = 1",
        "update shop.badges set mark = 'lead' where n = 2",
        "insert into audit.log values (50, 'moved')",
        "update audit.log set id = 150 where id = 50"
    };

    private static String[] sourceTables(String engine) {
        boolean postgresql = engine.equals("postgresql");
        List<String> tables = new ArrayList<>(List.of(
                "create table shop.customers (id int primary key, name varchar(40), email varchar(60), legacy varchar(20))",
                "create table shop.readings (device varchar(20) not null, at_second int not null, reading int, constraint one_reading unique (device, at_second))",
                "create table shop.events (kind varchar(9), n int, words varchar(40))",
                moments(postgresql, "shop"),
                badges(postgresql, "shop", "utf8mb4_general_ci"),
                log(postgresql, "audit"),
                "insert into shop.badges values ('lead', 'abc', 1), ('gold', 'x', 2)",
                "insert into shop.customers values (1, 'a', 'a@x', 'l'), (2, 'b', 'b@x', null)",
                "insert into shop.readings values ('a', 1, 10), ('b', 2, 20)",
                "insert into shop.events values ('k', 1, 'one'), ('k', 2, 'two'), ('k', 3, 'three')",
                "insert into shop.moments values (" + (postgresql ? "'\\x0061'" : "x'0061'")
                        + ", '1969-12-31 23:59:59.999999', 1)",
                "insert into audit.log values (5, 'low')"));
        if (postgresql) {
            tables.add(6, "create table audit.log_low partition of audit.log for values from (0) to (100)");
            tables.add(6, "create table audit.log_high partition of audit.log for values from (100) to (1000)");
            tables.add(0, "create type shop.mark as enum ('lead', 'gold')");
            tables.add("alter table shop.moments replica identity full");
            tables.add("alter table shop.readings replica identity using index one_reading");
            tables.add("alter table shop.events replica identity full");
            tables.add(0, "set role shop_owner");
        }
        return tables.toArray(String[]::new);
    }

    private static String[] targetTables(String from, String engine) {
        boolean postgresql = engine.equals("postgresql");
        List<String> tables = new ArrayList<>(List.of(
                "create table store.clients (id int primary key, name varchar(40), mail varchar(60), joined timestamp null default current_timestamp)",
                "create table store.readings (device varchar(20) not null, at_second int not null, reading int, primary key (at_second, device))",
                "create table store.events (kind varchar(9), n int, words varchar(40), primary key (kind, n))",
                moments(postgresql, "store"),
                badges(postgresql, "store", from.equals("postgresql") ? "utf8mb4_bin" : "utf8mb4_general_ci"),
                log(postgresql, "trail")));
        if (postgresql) {
            tables.add(0, "create type store.mark as enum ('lead', 'gold')");
            tables.add(0, "set role shop_owner");
            tables.add("alter table store.moments replica identity full");
            tables.add("create table trail.log_all partition of trail.log default");
        }
        return tables.toArray(String[]::new);
    }

    private static String moments(boolean postgresql, String schema) {
        return "create table " + schema + ".moments (k " + (postgresql ? "bytea" : "varbinary(16)") + ", at "
                + (postgresql ? "timestamp" : "datetime(6)") + ", n int, primary key (at, k))";
    }

    /** On MySQL and MariaDB 'abc' and 'ABC' are one key, on PostgreSQL two: an update from one to the other moves the row on both. */
    private static String badges(boolean postgresql, String schema, String collation) {
        return "create table " + schema + ".badges (mark " + (postgresql ? schema + ".mark" : "enum('lead', 'gold')")
                + ", code varchar(9)" + (postgresql ? "" : " collate " + collation)
                + ", n int, primary key (mark, code))";
    }

    private static String log(boolean postgresql, String schema) {
        return "create table " + schema + ".log (id int primary key, words varchar(40)) partition by range (id)"
                + (postgresql
                        ? ""
                        : " (partition low values less than (100), partition high values less than maxvalue)");
    }

    private static Endpoint database(String engine, String schema) throws Exception {
        return switch (engine) {
            case "mysql" -> TestMySql.database(schema, directory);
            case "mariadb" -> {
                mariaDb.createDatabase(schema);
                Endpoint endpoint = new Endpoint(mariaDb.url(schema), "root", null);
                execute(endpoint, "drop database if exists lockstep");
                yield endpoint;
            }
            default -> {
                postgres.createDatabase(schema);
                yield new Endpoint(postgres.url(schema), "postgres", null);
            }
        };
    }

    /** PostgreSQL's tables belong to a role that Lockstep's is made a member of. */
    private static String[] createSchemas(String engine, String first, String second) {
        if (!engine.equals("postgresql"))
            return new String[] {
                "drop database if exists " + second,
                "create database " + second + " character set utf8mb4 collate utf8mb4_bin"
            };
        return new String[] {
            "do $$ begin create role shop_owner; exception when duplicate_object then null; end $$",
            "alter database " + first + " owner to shop_owner",
            "create schema " + first + " authorization shop_owner",
            "create schema " + second + " authorization shop_owner"
        };
    }

    private static String[] application(String engine, String schema) {
        return engine.equals("postgresql")
                ? new String[] {
                    "do $$ begin create role shop_app login password '" + LeastGrants.PASSWORD
                            + "'; exception when duplicate_object then null; end $$",
                    "grant usage on schema " + schema + " to shop_app",
                    "grant select, update on all tables in schema " + schema + " to shop_app"
                }
                : new String[] {
                    "create user if not exists shop_app@'%' identified by '" + LeastGrants.PASSWORD + "'",
                    "grant select, insert, update, delete on " + schema + ".* to shop_app@'%'"
                };
    }

    private static Endpoint lockstep(Endpoint admin, String engine, String user, List<String> schemas)
            throws Exception {
        if (!engine.equals("postgresql")) execute(admin, "drop user if exists " + user + "@'%'");
        execute(admin, LeastGrants.of(engine, user, schemas).toArray(String[]::new));
        return new Endpoint(admin.url(), user, new Secret("${file:" + password + "}"));
    }

    private static Migration migration(String name, Endpoint source, Endpoint target) throws IOException {
        return MigrationFile.load(Files.writeString(directory.resolve(name + ".yaml"), """
                migration: least-%s
                state: %s
                source: {url: "%s", user: %s, password: "%s"}
                target: {url: "%s", user: %s, password: "%s"}
                tables:
                  include: ["shop.*", "audit.log"]
                  targetSchemas: {shop: store, audit: trail}
                  each:
                    shop.customers: {target: clients, renameColumns: {email: mail}, excludeColumns: [legacy]}
                    shop.events: {key: [kind, n]}
                cutover: {hold: 1s, maxAppliedLag: 60s, maxProvenLag: 60s, writePauseBudget: 100s, applicationUser: shop_app, applicationPassword: "%s"}
                soak: {check: {command: [test, -e, "%s"], every: 1s, failures: 2, then: rollback}}
                """.formatted(
                        name,
                        directory.resolve("state-" + name),
                        source.url(),
                        source.user(),
                        source.password(),
                        target.url(),
                        target.user(),
                        target.password(),
                        source.password(),
                        well)));
    }

    private static void execute(Endpoint database, String... lines) throws SQLException {
        try (Connection connection = database.connectWriter();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }

    private static List<String> read(Endpoint database, String query) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                StringBuilder line = new StringBuilder(rows.getString(1));
                for (int i = 2; i <= rows.getMetaData().getColumnCount(); i++)
                    line.append(' ').append(rows.getString(i));
                lines.add(line.toString());
            }
        }
        return lines;
    }
}
