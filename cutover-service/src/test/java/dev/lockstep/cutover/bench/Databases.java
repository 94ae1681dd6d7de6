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
import java.util.List;

/** A source and a target server of one engine; the source holds the table {@code item}, or several like it, of rows of about 200 bytes. */
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
    private final List<String> tables;
    private Endpoint shop;
    private int targets;

    private Databases(Server source, Server target, Path directory, boolean postgres, List<String> tables) {
        this.source = source;
        this.target = target;
        this.directory = directory;
        this.postgres = postgres;
        this.tables = tables;
        shop = source.create("shop");
    }

    /**
     * @param engine {@code postgresql} or {@code mariadb}
     */
    public static Databases start(String engine, Path directory) {
        return start(engine, directory, List.of("item"));
    }

    /**
     * The same.
     *
     * @param tables their names, each like {@code item}
     */
    public static Databases start(String engine, Path directory, List<String> tables) {
        boolean postgres = engine.equals("postgresql");
        Server source = server(postgres, directory.resolve("source"));
        return new Databases(source, server(postgres, directory.resolve("target")), directory, postgres, tables);
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
        createTables(shop);
        fill(shop, rows);
    }

    /** A database on the target with the table, empty. */
    public Endpoint emptyTarget() throws SQLException {
        Endpoint endpoint = target.create("target" + ++targets);
        if (!postgres) execute(endpoint, "drop database if exists lockstep");
        createTables(endpoint);
        return endpoint;
    }

    /** The same with the source's first rows in it. */
    public Endpoint filledTarget(int rows) throws SQLException {
        Endpoint endpoint = emptyTarget();
        fill(endpoint, rows);
        if (postgres) execute(endpoint, "checkpoint");
        return endpoint;
    }

    /**
     * A migration of the table.
     *
     * @param state directory for its file and its state
     * @param more lines of the file, as for a Kafka that is there already; empty: one in-process
     */
    public Migration migration(String name, Endpoint to, Path state, String more) throws IOException {
        String yaml = """
                migration: %s
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["%s.item*"], targetSchema: %s}
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
                        more);
        return MigrationFile.load(Files.writeString(state.resolve("migration.yaml"), yaml));
    }

    private void createTables(Endpoint endpoint) throws SQLException {
        for (String table : tables)
            execute(endpoint, of(table, TABLE.formatted(postgres ? "timestamp(6)" : "datetime(6)")));
    }

    private void fill(Endpoint endpoint, int rows) throws SQLException {
        for (String table : tables) {
            execute(endpoint, of(table, (postgres ? POSTGRES_ROWS : MARIADB_ROWS).formatted(rows)));
            execute(endpoint, of(table, postgres ? "vacuum analyze item" : "analyze table item"));
        }
    }

    public List<String> tables() {
        return tables;
    }

    /** SQL about {@code item} as the same about another table. */
    static String of(String table, String sql) {
        return sql.replaceAll("\\bitem\\b", table);
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
        StringBuilder content = new StringBuilder();
        for (String table : tables)
            content.append(query(endpoint, of(table, sql))).append(' ');
        return content.toString();
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
