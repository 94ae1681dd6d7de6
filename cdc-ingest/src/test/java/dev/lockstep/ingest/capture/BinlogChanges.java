package dev.lockstep.ingest.capture;

import dev.lockstep.ingest.capture.SchemaChangeContract.Change;
import java.util.List;

/** The changes as MySQL and MariaDB spell them. */
final class BinlogChanges {

    static final List<String> SCHEMA = List.of(
            "create table shop.item (id int primary key, name varchar(50), price decimal(10,2), note text, memo text)",
            "create table shop.spare (id int primary key, name varchar(50), extra int default 7, price decimal(12,4),"
                    + " remark text, memo text)");

    static final List<Change> ALL = List.of(
            new Change(
                    "alter table shop.item add column extra int default 7 after name",
                    "shop.item: column extra was added"),
            new Change("alter table shop.item change note remark text", "column note was renamed to remark"),
            new Change("alter table shop.item modify price decimal(12,4)", "the type of column price was changed"),
            new Change("truncate table shop.item", "shop.item was truncated"),
            new Change("rename table shop.item to shop.old, shop.spare to shop.item", "statement: rename table"));

    private BinlogChanges() {}
}
