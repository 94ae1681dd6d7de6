package dev.lockstep.ingest.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration.CopyRules;
import dev.lockstep.schemas.table.TableMapping;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PostgresCopyIT extends CopyContract {

    private EmbeddedPostgres postgres;

    @Override
    Endpoint server(Path directory) {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 16, "127.0.0.1");
        postgres.createDatabase("shop");
        return new Endpoint(postgres.url("shop"), postgres.user(), null);
    }

    @Override
    void close() {
        postgres.close();
    }

    @Override
    List<String> schema(int items) {
        return List.of(
                "drop schema if exists shop cascade",
                "create schema shop",
                "create table shop.item (id bigint primary key, name text, n int)",
                "create table shop.doc (tenant text, code bytea, v text, primary key (tenant, code)) partition by list (tenant)",
                "create table shop.doc_1 partition of shop.doc for values in ('t1', 't2')",
                "create table shop.doc_rest partition of shop.doc default",
                "create table shop.nothing (id int primary key, v text)",
                "create table shop.large (id int primary key, v bytea)",
                "alter table shop.item replica identity full",
                "alter table shop.doc replica identity full",
                "alter table shop.doc_1 replica identity full",
                "alter table shop.doc_rest replica identity full",
                "insert into shop.item select g, repeat('item ' || g, 10), g % 10 from generate_series(1, " + items
                        + ") g",
                "insert into shop.doc select 't' || g % 7, decode(lpad(to_hex(g), 8, '0'), 'hex'), 'doc ' || g"
                        + " from generate_series(2, " + items + ", 2) g",
                "analyze");
    }

    @Override
    int largeBytes() {
        return 64 << 20;
    }

    @Override
    String huge() {
        return "convert_to(repeat('x', " + largeBytes() + "), 'UTF8')";
    }

    /** Before the slot, as capture does: the log is decoded with the publications of the time. */
    @Override
    void publish(Topics topics, List<TableMapping> tables) throws SQLException {
        CopiedTables.execute(
                database,
                "create publication "
                        + copyConfig(topics, tables, CopyRules.DEFAULT).slot()
                        + " for table shop.item, shop.doc, shop.nothing, shop.large, lockstep.barrier"
                        + " with (publish_via_partition_root = true)");
    }

    @Override
    void endSlot(Topics topics) throws SQLException {
        CopiedTables.execute(
                database, "select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active");
    }

    @Test
    void waitsForATransactionThatBeganBeforeAndSaysForWhich() throws Exception {
        CopiedTables.execute(database, schema(10).toArray(new String[0]));
        BarrierWriter.prepare(database, Direction.FORWARD, 1);
        Topics topics = topics("waiting");
        List<TableMapping> tables = CopiedTables.mappings(database);
        InitialCopy copy = new InitialCopy(copyConfig(topics, tables, CopyRules.DEFAULT));
        try (Connection open = database.connect()) {
            open.setAutoCommit(false);
            Sessions.execute(open, "insert into shop.item values (999, 'late', 1)");
            CompletableFuture<Object> copied = CompletableFuture.supplyAsync(() -> {
                try {
                    return copy.run(Map::of);
                } catch (SQLException | IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> copy.progress().note(), note -> note.contains("pg_terminate_backend"));
            assertThat(copied).isNotDone();
            open.commit();
            copied.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(read(topics, tables).reads("shop.item")).isEqualTo(11);
        endSlot(topics);
    }
}
