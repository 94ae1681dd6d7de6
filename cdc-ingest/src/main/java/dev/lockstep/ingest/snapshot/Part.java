package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is read as one: a table, or one partition of it. It knows how to cut itself into ranges of rows and how to read one. */
interface Part {

    /** As the database names it; unique among the copy's parts. */
    String name();

    TableMapping table();

    /** What the bounds of its ranges are valid for. */
    String storage();

    /** Rows as the catalog estimates them; negative where it does not. */
    long estimatedRows();

    /** Where the range that begins behind a bound should end; null: it is the last one. */
    @Nullable
    List<Value> nextBound(Connection reader, @Nullable List<Value> from) throws SQLException;

    /** A query of the rows behind one bound up to another, streamed in the order of the bounds. Its first columns are the table's. */
    PreparedStatement query(Connection reader, @Nullable List<Value> from, @Nullable List<Value> to)
            throws SQLException;

    /** The bound that the cursor's row is; null where rows come in no order. */
    @Nullable
    List<Value> boundAt(ResultSet row) throws SQLException;
}
