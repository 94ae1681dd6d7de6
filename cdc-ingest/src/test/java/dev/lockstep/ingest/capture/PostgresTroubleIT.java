package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

class PostgresTroubleIT extends SourceTroubleContract {

    private static final String SLOT = "lockstep_trouble_source_0";

    private EmbeddedPostgres postgres;
    private Endpoint database;

    @Override
    Endpoint database() throws SQLException {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 17, "127.0.0.1");
        postgres.createDatabase("shop");
        postgres.createDatabase("other");
        database = new Endpoint(postgres.url("shop"), postgres.user(), null);
        CaptureContract.execute(
                database, "create schema shop", "create table shop.item (id int primary key, name text)");
        return database;
    }

    @Override
    int port() {
        return postgres.port();
    }

    /** The slot of an idle database must not keep the log that other databases of the server write. */
    @Override
    void whileItRuns() throws SQLException {
        Endpoint other = new Endpoint(postgres.url("other"), postgres.user(), null);
        CaptureContract.execute(
                other, "create table noise as select generate_series(1, 200000) id", "update noise set id = id + 1");
        long written = number("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
        Awaitility.await("the slot moves on beyond the noise")
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        number("select pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')::bigint from pg_replication_slots"
                                        + " where slot_name = '" + SLOT + "'")
                                >= written);
    }

    /** A session that is killed makes the server end all others and recover: a restart in place. */
    @Override
    void crash() throws SQLException {
        try (Connection connection = database.connect()) {
            try (var row = connection.createStatement().executeQuery("select pg_backend_pid()")) {
                row.next();
                ProcessHandle.of(row.getLong(1)).orElseThrow().destroyForcibly();
            }
        }
    }

    @Override
    void loseTheLog() throws SQLException {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> number("select count(*) from pg_replication_slots where active") == 0);
        CaptureContract.execute(
                database,
                "insert into shop.item values (5, 'nobody will ever see it')",
                "select pg_drop_replication_slot('" + SLOT + "')");
    }

    private long number(String query) throws SQLException {
        try (Connection connection = database.connect();
                var row = connection.createStatement().executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @AfterEach
    void close() {
        postgres.close();
    }
}
