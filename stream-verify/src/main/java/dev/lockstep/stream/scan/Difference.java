package dev.lockstep.stream.scan;

import dev.lockstep.schemas.avro.DifferenceKind;
import dev.lockstep.schemas.avro.RowDifference;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.row.RowKey;
import java.time.Instant;
import java.util.List;

/**
 * A row that is not the same on both sides, though it stood still on the source.
 *
 * @param columns that differ, as the source names them; none where one side lacks the row
 */
public record Difference(RowKey key, Kind kind, List<String> columns, Instant firstSeen, Instant seen) {

    /** In which way. */
    public enum Kind {
        /** The target lacks the row. */
        MISSING,
        /** The source lacks the row. */
        UNEXPECTED,
        DIFFERS
    }

    Difference since(Instant first) {
        return new Difference(key, kind, columns, first, seen);
    }

    RowDifference toAvro() {
        return new RowDifference(
                key.table(),
                key.display(),
                DifferenceKind.valueOf(kind.name()),
                columns,
                Micros.of(firstSeen),
                Micros.of(seen));
    }

    static Difference of(RowKey key, RowDifference found) {
        return new Difference(
                key,
                Kind.valueOf(found.getKind().name()),
                List.copyOf(found.getColumns()),
                Micros.toInstant(found.getFirstSeenMicros()),
                Micros.toInstant(found.getSeenMicros()));
    }
}
