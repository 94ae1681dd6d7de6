package dev.lockstep.cutover.fence;

import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract's database on PostgreSQL. */
@SuppressWarnings("NullAway.Init")
abstract class PostgresContract extends FenceContract {

    EmbeddedPostgres server;

    @BeforeAll
    void start() throws SQLException {
        server = EmbeddedPostgres.start(directory.resolve("postgres"), 17, "127.0.0.1");
        server.createDatabase("shop");
        server.createDatabase("neighbour");
        try (Connection admin = admin("shop")) {
            Sql.run(
                    admin,
                    "create role mover login password 'secret'",
                    "create role shop login password 'secret'",
                    "alter database shop owner to mover",
                    "grant pg_read_all_stats, pg_signal_backend to mover",
                    "grant set on parameter session_replication_role to mover",
                    "create table orders (id serial primary key, n int)",
                    "grant all on orders to shop, mover",
                    "grant all on sequence orders_id_seq to shop, mover");
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Override
    String url() {
        return server.url("shop");
    }

    @Override
    String longWrite() {
        return "insert into orders (n) select 1 from (values (1), (2)) v, lateral (select pg_sleep(15)) s";
    }

    @Override
    String running() {
        return "select 1 from pg_stat_activity where pid <> pg_backend_pid() and state = 'active' and query like ?";
    }

    @Override
    void letLockAccounts(boolean may) throws SQLException {
        asAdmin(
                may ? "alter role mover createrole" : "alter role mover nocreaterole",
                may ? "grant shop to mover with admin option" : "revoke shop from mover");
    }

    void asAdmin(String... statements) throws SQLException {
        try (Connection admin = admin("neighbour")) {
            Sql.run(admin, statements);
        }
    }

    Connection admin(String database) throws SQLException {
        return DriverManager.getConnection(server.url(database), server.user(), server.password());
    }
}
