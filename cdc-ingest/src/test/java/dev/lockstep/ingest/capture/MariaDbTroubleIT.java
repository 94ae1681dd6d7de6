package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class MariaDbTroubleIT extends SourceTroubleContract {

    private EmbeddedMariaDb mariaDb;
    private @Nullable EmbeddedMariaDb replica;
    private Endpoint database;

    @Override
    Endpoint database() throws SQLException {
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        mariaDb.createDatabase("shop");
        database = new Endpoint(mariaDb.url("shop"), mariaDb.user(), null);
        CaptureContract.execute(database, "create table shop.item (id int primary key, name varchar(50))");
        return database;
    }

    @Override
    int port() {
        return mariaDb.port();
    }

    /** Every session ends, and the log goes on in a new file, as after a restart. */
    @Override
    void crash() throws SQLException {
        BinlogTrouble.endSessions(database);
        CaptureContract.execute(database, "flush binary logs");
    }

    /** A replica by GTID that logs what it replicates. Its log's files are fewer, so places go back. */
    @Override
    void failOver(CutLine line) throws Exception {
        replica = EmbeddedMariaDb.start(directory.resolve("replica"), "127.0.0.1", List.of("--log-slave-updates"));
        Endpoint second = new Endpoint(replica.url("mysql"), replica.user(), null);
        CaptureContract.execute(
                second,
                "reset master",
                "change master to master_host = '127.0.0.1', master_port = " + mariaDb.port()
                        + ", master_user = 'root', master_password = '', master_ssl = 0, master_use_gtid = slave_pos",
                "start slave");
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            try (Connection connection = second.connect();
                    var rows = connection.createStatement().executeQuery("select name from shop.item where id = 3")) {
                return rows.next();
            }
        });
        CaptureContract.execute(database, "set global read_only = 1");
        line.cut();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> gtid(second).equals(gtid(database)));
        CaptureContract.execute(second, "stop slave", "reset slave all");
        line.leadTo(replica.port());
        database = new Endpoint(replica.url("shop"), replica.user(), null);
    }

    private static String gtid(Endpoint server) throws SQLException {
        try (Connection connection = server.connect();
                var rows = connection.createStatement().executeQuery("select @@global.gtid_binlog_pos")) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    void loseTheLog() throws SQLException {
        CaptureContract.execute(
                database,
                "set global slave_connections_needed_for_purge = 0",
                "insert into shop.item values (5, 'nobody will ever see it')",
                "flush binary logs",
                "insert into shop.item values (6, 'nor is it the next one')");
        BinlogTrouble.endSessions(database); // a file that a session reads is kept, also one whose reader is gone
        BinlogTrouble.purge(database);
    }

    @AfterEach
    void close() {
        mariaDb.close();
        if (replica != null) replica.close();
    }
}
