package dev.lockstep.cutover.bench;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** A source and a target server of one engine; the source holds the table {@code item} of rows of about 200 bytes. */
public final class Databases implements AutoCloseable {

    private static final String TABLE =
            "create table item (id bigint primary key, customer bigint not null, amount decimal(12,2) not null,"
                    + " state varchar(20) not null, email varchar(60) not null, note varchar(200) not null, created %s not null)";

    private static final String POSTGRES_ROWS = """
            insert into item select n, n %% 1000, (n %% 1000000) / 100.0, 'state ' || n %% 7, 'customer' || n || '@example.com',
              repeat(md5(n::text), 3) || n, timestamp '2020-01-01' + n * interval '1.000001 s' from generate_series(1, %d) n
            """;

    private static final String MARIADB_ROWS = """
            insert into item select seq, seq %% 1000, (seq %% 1000000) / 100.0, concat('state ', seq %% 7),
              concat('customer', seq, '@example.com'), concat(repeat(md5(seq), 3), seq),
              timestamp '2020-01-01 00:00:00.000001' + interval seq second from seq_1_to_%d
            """;

    private interface Server extends AutoCloseable {
        Endpoint create(String database);
    }

    private final Server source;
    private final Server target;
    private final Path directory;
    private final boolean postgres;
    private Endpoint shop;
    private int targets;

    private Databases(Server source, Server target, Path directory, boolean postgres) {
        this.source = source;
        this.target = target;
        this.directory = directory;
        this.postgres = postgres;
        shop = source.create("shop");
    }

    /**
     * @param engine {@code postgresql} or {@code mariadb}
     */
    public static Databases start(String engine, Path directory) {
        boolean postgres = engine.equals("postgresql");
        Server source = server(postgres, directory.resolve("source"));
        return new Databases(source, server(postgres, directory.resolve("target")), directory, postgres);
    }

    private static Server server(boolean postgres, Path directory) {
        if (postgres) {
            EmbeddedPostgres server = EmbeddedPostgres.start(directory, 17, "127.0.0.1");
            return server(server, name -> {
                server.createDatabase(name);
                return new Endpoint(server.url(name), server.user(), null);
            });
        }
        EmbeddedMariaDb server = EmbeddedMariaDb.start(directory, "127.0.0.1");
        return server(server, name -> {
            server.createDatabase(name);
            return new Endpoint(server.url(name), server.user(), null);
        });
    }

    private static Server server(AutoCloseable server, java.util.function.Function<String, Endpoint> create) {
        return new Server() {
            @Override
            public Endpoint create(String database) {
                return create.apply(database);
            }

            @Override
            public void close() throws Exception {
                server.close();
            }
        };
    }

    public boolean isPostgres() {
        return postgres;
    }

    public Endpoint source() {
        return shop;
    }

    /** Where the source server's own programs are, if its package has any. */
    public Path programs() {
        return directory.resolve("source/base/bin");
    }

    public void fill(int rows) throws SQLException {
        createTable(shop);
        execute(shop, (postgres ? POSTGRES_ROWS : MARIADB_ROWS).formatted(rows));
        execute(shop, postgres ? "vacuum analyze item" : "analyze table item");
    }

    /** A database on the target with the table, empty. */
    public Endpoint emptyTarget() throws SQLException {
        Endpoint endpoint = target.create("target" + ++targets);
        if (!postgres) execute(endpoint, "drop database if exists lockstep");
        createTable(endpoint);
        return endpoint;
    }

    /** The same with the source's first rows in it. */
    public Endpoint filledTarget(int rows) throws SQLException {
        Endpoint endpoint = emptyTarget();
        execute(endpoint, (postgres ? POSTGRES_ROWS : MARIADB_ROWS).formatted(rows));
        execute(endpoint, postgres ? "vacuum analyze item" : "analyze table item");
        if (postgres) execute(endpoint, "checkpoint");
        return endpoint;
    }

    /**
     * A migration of the table.
     *
     * @param state directory for its file and its state
     * @param kafka the file's line for a Kafka that is there already; empty: one in-process
     */
    public Migration migration(String name, Endpoint to, Path state, String kafka) throws IOException {
        String yaml = """
                migration: %s
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["%s.item"], targetSchema: %s}
                %s
                cutover: {mode: manual}
                """.formatted(
                        name,
                        state.resolve("state"),
                        shop.url(),
                        shop.user(),
                        to.url(),
                        to.user(),
                        postgres ? "public" : "shop",
                        postgres ? "public" : to.database(),
                        kafka);
        return MigrationFile.load(Files.writeString(state.resolve("migration.yaml"), yaml));
    }

    private void createTable(Endpoint endpoint) throws SQLException {
        execute(endpoint, TABLE.formatted(postgres ? "timestamp(6)" : "datetime(6)"));
    }

    public void execute(Endpoint endpoint, String sql) throws SQLException {
        try (Connection connection = endpoint.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Rows and a checksum over every value: equal tables say the same. */
    public String content(Endpoint endpoint) throws SQLException {
        String sql = postgres
                ? "select count(*) || '/' || sum(hashtextextended(i::text, 0)) from item i"
                : "select concat(count(*), '/', sum(crc32(concat_ws('|', id, customer, amount, state, email, note, created)))) from item";
        return query(endpoint, sql);
    }

    public boolean has(Endpoint endpoint, int id) throws SQLException {
        return !query(endpoint, "select count(*) from item where id = " + id).equals("0");
    }

    public static String query(Endpoint endpoint, String sql) throws SQLException {
        try (Connection connection = endpoint.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws Exception {
        try (source) {
            target.close();
        }
    }
}
