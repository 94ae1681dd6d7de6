package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresSchemaChangeIT extends SchemaChangeContract {

    private EmbeddedPostgres postgres;

    @Override
    Endpoint database() {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 17, "127.0.0.1");
        postgres.createDatabase("shop");
        return new Endpoint(postgres.url("shop"), postgres.user(), null);
    }

    @Override
    List<String> schema() {
        return List.of(
                "create schema shop",
                "create table shop.item (id int primary key, name text, price numeric(10,2), note text, memo text)",
                "alter table shop.item replica identity full");
    }

    @Override
    List<Change> changes() {
        return List.of(
                new Change("alter table shop.item add column extra int default 7", "shop.item: column extra was added"),
                new Change("alter table shop.item rename column note to remark", "column note was renamed to remark"),
                new Change(
                        "alter table shop.item alter column price type numeric(12,4)",
                        "the type of column price was changed"),
                new Change(
                        "alter table shop.item rename column remark to x; alter table shop.item rename column memo to remark;"
                                + " alter table shop.item rename column x to memo",
                        "its columns changed places or names"),
                new Change("truncate shop.item", "shop.item was truncated"));
    }

    @AfterEach
    void close() {
        postgres.close();
    }
}
