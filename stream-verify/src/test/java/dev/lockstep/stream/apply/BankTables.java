package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Accounts, with every kind of unique index that an engine has, a key to themselves, a generated column and a trigger; and vaults, whose
 * key has two columns in another order than the table.
 */
final class BankTables {

    private static final String BIGINT = "bigint";

    final TableMapping accounts;
    final TableMapping vaults;

    BankTables(String schema) {
        accounts = new TableMapping(
                new TableId("src", "accounts"),
                new TableId(schema, "accounts"),
                List.of(
                        column("id", Kind.NUMBER, BIGINT),
                        column("owner", Kind.TEXT, "varchar(40)"), // unique, and so is its lower-case form
                        column("balance", Kind.NUMBER, BIGINT),
                        column("parent", Kind.NUMBER, BIGINT),
                        column("code", Kind.TEXT, "varchar(40)"), // unique, and one account has none
                        column("seat", Kind.NUMBER, BIGINT), // unique among those that are active
                        column("active", Kind.NUMBER, BIGINT),
                        column("rank", Kind.NUMBER, BIGINT)), // unique; on PostgreSQL at a transaction's end
                List.of(0),
                0);
        vaults = new TableMapping(
                new TableId("src", "vaults"),
                new TableId(schema, "vaults"),
                List.of(
                        column("slot", Kind.NUMBER, BIGINT),
                        column("name", Kind.TEXT, "varchar(40)"),
                        column("balance", Kind.NUMBER, BIGINT)),
                List.of(1, 0),
                0);
    }

    private static ColumnMapping column(String name, Kind kind, String type) {
        return new ColumnMapping(name, kind, type, name, type);
    }

    List<TableMapping> all() {
        return List.of(accounts, vaults);
    }

    /** On the target, empty. */
    static void create(Endpoint target) throws SQLException {
        switch (target.dialect().engine()) {
            case "postgresql" -> createOnPostgres(target);
            case "mariadb" -> createOn(target, "as (lower(owner)) unique", "");
            default -> createOn(target, "as (lower(owner))", ", unique ((lower(owner)))");
        }
        TableReads.execute(
                target,
                "create table vaults (slot bigint, name varchar(40), balance bigint, primary key (name, slot))");
    }

    private static void createOnPostgres(Endpoint target) throws SQLException {
        TableReads.execute(
                target,
                "create table accounts (id bigint primary key, owner varchar(40) not null unique, balance bigint,"
                        + " parent bigint references accounts, code varchar(40), seat bigint, active bigint,"
                        + " rank bigint unique deferrable initially deferred,"
                        + " shout varchar(60) generated always as (upper(owner)) stored,"
                        + " unique nulls not distinct (code))",
                "create unique index on accounts (lower(owner))",
                "create unique index on accounts (seat) where active = 1",
                "create function refuse() returns trigger language plpgsql as"
                        + " $$ begin raise exception 'a trigger fired'; end $$",
                "create trigger refuse before insert or update or delete on accounts execute function refuse()");
    }

    /** InnoDB has no partial index; a generated column, NULL where the index is not to cover the row, stands in for it. */
    private static void createOn(Endpoint target, String lower, String index) throws SQLException {
        TableReads.execute(
                target,
                "create table accounts (id bigint primary key, owner varchar(40) not null unique, balance bigint,"
                        + " parent bigint, code varchar(40) unique, seat bigint, active bigint, `rank` bigint unique,"
                        + " low varchar(40) " + lower + ", taken bigint as (if(active = 1, seat, null)) unique,"
                        + " foreign key (parent) references accounts (id)" + index + ")");
    }

    record State(Applied applied, long barrierMicros, List<List<Row>> rows) {}

    /** What the target shows at one moment. */
    State read(Endpoint target) throws SQLException {
        try (Connection connection = TargetServer.snapshot(target)) {
            List<List<Row>> rows = List.of(rows(connection, target, accounts), rows(connection, target, vaults));
            return new State(TargetServer.applied(connection), TargetServer.barrier(connection), rows);
        }
    }

    private static List<Row> rows(Connection connection, Endpoint target, TableMapping table) throws SQLException {
        return TableReads.rows(connection, target.dialect(), Destination.of(table, Side.SOURCE));
    }
}
