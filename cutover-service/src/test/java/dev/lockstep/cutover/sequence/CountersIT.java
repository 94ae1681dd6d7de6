package dev.lockstep.cutover.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.sequence.Counters.Counter;
import dev.lockstep.ingest.preflight.Preflight;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What gives out numbers on one side is set beyond the other's, on real servers. */
@SuppressWarnings("NullAway.Init")
class CountersIT {

    private static EmbeddedPostgres postgres;
    private static EmbeddedMariaDb mariaDb;
    private static EmbeddedMariaDb otherMariaDb;

    @TempDir
    Path directory;

    @BeforeAll
    static void start(@TempDir Path servers) {
        postgres = EmbeddedPostgres.start(servers.resolve("postgres"), 17, "127.0.0.1");
        mariaDb = EmbeddedMariaDb.start(servers.resolve("mariadb"), "127.0.0.1");
        otherMariaDb = EmbeddedMariaDb.start(servers.resolve("other"), "127.0.0.1");
    }

    @AfterAll
    static void stop() {
        otherMariaDb.close();
        mariaDb.close();
        postgres.close();
    }

    private static final String[] OF_POSTGRES = {
        "create schema shop",
        "create table shop.orders (id int generated always as identity primary key, \"Line No\" serial, note text)",
        "create table shop.items (id bigserial primary key)",
        "create sequence shop.\"Invoice\" increment by 10 cache 5",
        "create sequence shop.unused"
    };

    private static final String[] ENDING = {
        "create schema shop",
        "create table shop.debts (id int generated always as identity (increment by -2) primary key, note text)",
        "create sequence shop.down increment by -1",
        "create sequence shop.three maxvalue 3"
    };

    @Test
    void goesBeyondWhatPostgresHasGivenOutDownwardsAndEndsWhereItHasEnded() throws Exception {
        Endpoint source = onPostgres("pg_down", ENDING);
        Endpoint target = onPostgres("pg_down_target", ENDING);
        execute(
                source,
                "insert into shop.debts (note) select 'n' from generate_series(1, 3)",
                "select nextval('shop.down') from generate_series(1, 4)",
                "select nextval('shop.three') from generate_series(1, 3)");
        execute(target, "insert into shop.debts overriding system value values (-20, 'stored')");
        Counters counters = counters(source, target);

        counters.advance(Direction.FORWARD);
        counters.advance(Direction.FORWARD);

        assertThat(text(target, "insert into shop.debts (note) values ('m') returning id"))
                .isEqualTo("-21");
        assertThat(text(target, "select nextval('shop.down')")).isEqualTo("-5");
        assertThatThrownBy(() -> text(target, "select nextval('shop.three')")).hasMessageContaining("reached maximum");

        counters.advance(Direction.REVERSE);
        assertThat(text(source, "insert into shop.debts (note) values ('m') returning id"))
                .isEqualTo("-23");
        assertThat(text(source, "select nextval('shop.down')")).isEqualTo("-6");
    }

    @Test
    void goesBeyondEverythingThatPostgresHasGivenOutOrReserved() throws Exception {
        Endpoint source = onPostgres("pg_source", OF_POSTGRES);
        Endpoint target = onPostgres("pg_target", OF_POSTGRES);
        execute(
                source,
                "insert into shop.orders (note) select 'n' from generate_series(1, 7)",
                "select nextval('shop.\"Invoice\"')", // and four more are reserved
                "select setval('shop.\"orders_Line No_seq\"', 50)");
        execute(target, "insert into shop.items values (30)");
        Counters counters = counters(source, target);

        assertThat(counters.look(Direction.FORWARD))
                .contains(
                        new Counter("shop.orders.id", 8, OptionalLong.of(1)),
                        new Counter("shop.orders.Line No", 51, OptionalLong.of(1)),
                        new Counter("shop.Invoice", 51, OptionalLong.of(1)))
                .hasSize(5);
        counters.advance(Direction.FORWARD);
        counters.advance(Direction.FORWARD);

        assertThat(text(target, "insert into shop.orders (note) values ('m') returning id || ' ' || \"Line No\""))
                .isEqualTo("8 51");
        assertThat(text(target, "insert into shop.items default values returning id"))
                .as("beyond what is stored")
                .isEqualTo("31");
        assertThat(text(target, "select nextval('shop.\"Invoice\"')")).isEqualTo("51");
        assertThat(text(target, "select nextval('shop.unused')")).isEqualTo("1");

        counters.advance(Direction.REVERSE);
        assertThat(text(source, "insert into shop.orders (note) values ('m') returning id || ' ' || \"Line No\""))
                .isEqualTo("9 52");
        assertThat(text(source, "select nextval('shop.\"Invoice\"')")).isEqualTo("101");
    }

    private static final String[] OF_MARIADB = {
        "create table shop.orders (id int auto_increment primary key, note varchar(9))",
        "create sequence shop.invoice increment by 10 cache 5",
        "create sequence shop.down increment by -1 nocache"
    };

    @Test
    void doesTheSameOnMariaDb() throws Exception {
        Endpoint source = onMariaDb(mariaDb, OF_MARIADB);
        Endpoint target = onMariaDb(otherMariaDb, OF_MARIADB);
        execute(
                source,
                "insert into shop.orders (note) values ('a'), ('b')",
                "delete from shop.orders",
                "select nextval(shop.invoice)",
                "select nextval(shop.down)",
                "select nextval(shop.down)");
        Counters counters = counters(source, target);

        counters.advance(Direction.FORWARD);
        counters.advance(Direction.FORWARD);

        assertThat(text(target, "insert into shop.orders (note) values ('c') returning id"))
                .isEqualTo("3");
        assertThat(Long.parseLong(text(target, "select nextval(shop.invoice)")))
                .as("beyond the five that are reserved")
                .isGreaterThanOrEqualTo(51);
        assertThat(text(target, "select nextval(shop.down)")).isEqualTo("-3");
    }

    @Test
    @Timeout(60)
    void waitsForNoReaderOfMariaDbForLong() throws Exception {
        Endpoint source = onMariaDb(mariaDb, OF_MARIADB);
        Endpoint target = onMariaDb(otherMariaDb, OF_MARIADB);
        execute(source, "insert into shop.orders (note) values ('a'), ('b')");
        Counters counters = counters(source, target);
        try (Connection reader = target.connect();
                var statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select count(*) from shop.orders");

            assertThatThrownBy(() -> counters.advance(Direction.FORWARD)).hasMessageContaining("Lock wait timeout");
        }

        counters.advance(Direction.FORWARD);
        assertThat(text(target, "insert into shop.orders (note) values ('c') returning id"))
                .isEqualTo("3");
    }

    @Test
    @Timeout(60)
    void waitsForNoLockOfPostgresForLong() throws Exception {
        Endpoint source = onPostgres("pg_given", OF_POSTGRES);
        Endpoint target = onPostgres("pg_locked", OF_POSTGRES);
        Counters counters = counters(source, target);
        try (Connection owner = target.connect();
                var statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("lock table shop.orders");

            assertThatThrownBy(() -> counters.advance(Direction.FORWARD)).hasMessageContaining("lock timeout");
        }
    }

    @Test
    void saysWhatTheOtherSideHasNothingFor() throws Exception {
        Endpoint source = onPostgres("pg_alone", OF_POSTGRES);
        Endpoint target = onMariaDb(
                mariaDb,
                "create table shop.orders (id int auto_increment primary key, `Line No` int, note text)",
                "create table shop.items (id bigint primary key)",
                "create sequence shop.unused");
        execute(source, "insert into shop.orders (note) select 'n' from generate_series(1, 7)");
        Counters counters = counters(source, target);

        assertThat(counters.look(Direction.FORWARD).stream()
                        .filter(counter -> counter.destination().isEmpty())
                        .map(Counter::name))
                .containsExactlyInAnyOrder("shop.orders.Line No", "shop.items.id", "shop.Invoice");
        counters.advance(Direction.FORWARD);
        assertThat(text(target, "insert into shop.orders (note) values ('c') returning id"))
                .isEqualTo("8");
    }

    private Counters counters(Endpoint source, Endpoint target) throws Exception {
        Path file = Files.writeString(directory.resolve("migration.yaml"), """
                migration: counters
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["shop.*"]}
                """.formatted(
                        source.url(), source.user(), target.url(), target.user()));
        Migration migration = MigrationFile.load(file);
        return new Counters(migration, Preflight.check(migration).tables());
    }

    private static Endpoint onPostgres(String name, String... schema) throws SQLException {
        postgres.createDatabase(name);
        Endpoint database = new Endpoint(postgres.url(name), postgres.user(), null);
        execute(database, schema);
        return database;
    }

    private static Endpoint onMariaDb(EmbeddedMariaDb server, String... schema) throws SQLException {
        Endpoint root = new Endpoint(server.url("mysql"), server.user(), null);
        execute(root, "drop database if exists shop", "create database shop");
        Endpoint database = new Endpoint(server.url("shop"), server.user(), null);
        execute(database, schema);
        return database;
    }

    private static void execute(Endpoint database, String... lines) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }

    private static String text(Endpoint database, String query) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
