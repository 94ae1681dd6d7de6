package dev.lockstep.ingest.canonical;

import dev.lockstep.schemas.message.Position;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Where a change stands in its database's log, from Debezium's {@code source} and {@code transaction} blocks. */
public final class Positions {

    private Positions() {}

    public static Position of(Struct source, @Nullable Struct transaction) {
        long index = transaction == null ? 0 : transaction.getInt64("total_order");
        if (source.schema().field("lsn") != null)
            return new Position(lastCommit(source.getString("sequence")), source.getInt64("lsn"), index);
        return new Position(fileNumber(source.getString("file")), source.getInt64("pos"), index);
    }

    /** PostgreSQL's {@code ["lsn of the last commit","lsn of the change"]}; the first is null before any commit was seen. */
    private static long lastCommit(String sequence) {
        int start = sequence.indexOf('"');
        int end = sequence.indexOf('"', start + 1);
        boolean known = start == 1;
        return known ? Long.parseLong(sequence.substring(start + 1, end)) : 0;
    }

    /** {@code binlog.000017} is the 17th. */
    private static long fileNumber(String file) {
        return Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
    }
}
