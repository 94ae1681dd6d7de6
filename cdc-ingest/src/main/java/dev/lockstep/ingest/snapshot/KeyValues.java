package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** A key's values as parameters of a query on MySQL or MariaDB. */
final class KeyValues {

    private KeyValues() {}

    /** Whether {@code order by} and {@code <} of a column of this type go by one order, and its values go there and back unchanged. */
    static boolean isOrdered(String type) {
        return type.matches(
                "(?i)(tinyint|smallint|mediumint|int|bigint|decimal|char|varchar|binary|varbinary|date|datetime|timestamp|uuid)\\b.*");
    }

    static void bind(PreparedStatement query, int index, Value value) throws SQLException {
        if (value instanceof Value.Whole v) query.setLong(index, v.value());
        else if (value instanceof Value.Exact v) query.setBigDecimal(index, v.value());
        else if (value instanceof Value.Text v) query.setString(index, v.value());
        else if (value instanceof Value.Binary v) query.setBytes(index, v.value());
        else if (value instanceof Value.Date v) query.setString(index, Texts.date(v.epochDay()));
        else if (value instanceof Value.LocalTimestamp v) query.setString(index, Texts.timestamp(v.micros()));
        else if (value instanceof Value.Instant v) query.setString(index, Texts.timestamp(v.micros()));
        else
            throw new IllegalArgumentException(
                    "not the value of an ordered key: " + value.getClass().getSimpleName());
    }
}
