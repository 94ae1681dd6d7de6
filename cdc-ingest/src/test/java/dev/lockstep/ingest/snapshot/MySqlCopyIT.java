package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.testing.TestMySql;
import java.nio.file.Path;
import java.util.List;

class MySqlCopyIT extends CopyContract {

    @Override
    Endpoint server(Path directory) throws Exception {
        return TestMySql.database("shop", directory);
    }

    @Override
    void close() {}

    @Override
    List<String> schema(int items) {
        return tables(
                items,
                "(with recursive s(g) as (select 1 union all select g + 1 from s where g < " + items
                        + ") select /*+ set_var(cte_max_recursion_depth = 1000000) */ g from s)");
    }

    static List<String> tables(int items, String numbers) {
        return List.of(
                "drop table if exists shop.item, shop.doc, shop.nothing, shop.large",
                "create table shop.item (id bigint primary key, name text, n int)",
                "create table shop.doc (tenant varchar(20) collate utf8mb4_general_ci, code varbinary(16), v text, primary key (tenant, code))",
                "create table shop.nothing (id int primary key, v text)",
                "create table shop.large (id int primary key, v longblob)",
                "insert into shop.item select g, repeat(concat('item ', g), 10), g % 10 from " + numbers + " s",
                "insert into shop.doc select concat('t', g % 7), unhex(lpad(hex(g), 8, '0')), concat('doc ', g) from "
                        + numbers + " s where g % 2 = 0");
    }

    @Override
    int largeBytes() {
        return 40 << 20; // the server's default max_allowed_packet is 64 MB
    }

    @Override
    String huge() {
        return "repeat('x', " + largeBytes() + ")";
    }
}
