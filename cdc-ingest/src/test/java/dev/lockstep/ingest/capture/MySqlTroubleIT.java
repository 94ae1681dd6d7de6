package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.testing.TestMySql;
import java.sql.SQLException;

class MySqlTroubleIT extends SourceTroubleContract {

    private Endpoint database;

    @Override
    Endpoint database() throws Exception {
        database = TestMySql.database("shop", directory);
        CaptureContract.execute(database, "create table shop.item (id int primary key, name varchar(50))");
        return database;
    }

    @Override
    int port() {
        return database.port();
    }

    @Override
    void crash() throws SQLException {
        BinlogTrouble.endSessions(database);
        CaptureContract.execute(database, "flush binary logs");
    }

    @Override
    void loseTheLog() throws SQLException {
        CaptureContract.execute(
                database,
                "insert into shop.item values (5, 'nobody will ever see it')",
                "flush binary logs",
                "insert into shop.item values (6, 'nor is it the next one')");
        BinlogTrouble.endSessions(database); // a file that a session reads is kept
        BinlogTrouble.purge(database);
    }
}
