package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/** A sequence owned by one of the table's columns: serial or identity. */
record PostgresSequences(Dialect dialect) implements Engine {

    private static final String OWNED = """
            select quote_ident(a.attname), d.objid::regclass::text
            from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
              and d.objid in (select oid from pg_class where relkind = 'S') and d.refobjid = ?::regclass
            order by a.attnum limit 1
            """;

    private record Owned(String column, String sequence) {}

    @Override
    public OptionalLong next(Connection connection, TableId table) throws SQLException {
        Optional<Owned> owned = owned(connection, table);
        if (owned.isEmpty()) return OptionalLong.empty();
        String sequence = owned.get().sequence();
        return Engine.number(
                connection,
                "select case when is_called then last_value + (select seqincrement from pg_sequence where seqrelid = '"
                        + sequence.replace("'", "''") + "'::regclass) else last_value end from " + sequence);
    }

    @Override
    public void advance(Connection connection, TableId table, long next) throws SQLException {
        Optional<Owned> owned = owned(connection, table);
        if (owned.isEmpty()) return;
        OptionalLong own = next(connection, table);
        OptionalLong stored =
                Engine.number(connection, "select max(" + owned.get().column() + ") + 1 from " + dialect.quote(table));
        long beyond = Math.max(next, Math.max(own.orElse(next), stored.orElse(next)));
        Engine.text(
                connection,
                "select setval(?::regclass, " + beyond + ", false)",
                owned.get().sequence());
    }

    private Optional<Owned> owned(Connection connection, TableId table) throws SQLException {
        try (var statement = connection.prepareStatement(OWNED)) {
            statement.setString(1, dialect.quote(table));
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.of(new Owned(row.getString(1), row.getString(2))) : Optional.empty();
            }
        }
    }
}
