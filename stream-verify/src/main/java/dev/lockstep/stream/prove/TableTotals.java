package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A whole table on both sides.
 *
 * @param table its {@link ProvenTable#code()}
 * @param mismatches rows that differ
 */
record TableTotals(
        long table, long rowsSource, long rowsTarget, RowDigest sumSource, RowDigest sumTarget, long mismatches) {

    static final TypeInformation<TableTotals> TYPE = new WireType<>(TableTotals.class, new Serializer());

    static TableTotals empty(long table) {
        return new TableTotals(table, 0, 0, RowDigest.ZERO, RowDigest.ZERO, 0);
    }

    TableTotals plus(TableDelta delta) {
        boolean source = delta.side() == Side.SOURCE;
        return new TableTotals(
                table,
                source ? rowsSource + delta.rows() : rowsSource,
                source ? rowsTarget : rowsTarget + delta.rows(),
                source ? sumSource.plus(delta.sum()) : sumSource,
                source ? sumTarget : sumTarget.plus(delta.sum()),
                mismatches + delta.mismatches());
    }

    /** Public because Flink makes it by name. */
    public static final class Serializer extends WireSerializer<TableTotals> {

        private static final long serialVersionUID = 1;

        @Override
        public void serialize(TableTotals totals, DataOutputView target) throws IOException {
            target.writeLong(totals.table);
            target.writeLong(totals.rowsSource);
            target.writeLong(totals.rowsTarget);
            writeDigest(totals.sumSource, target);
            writeDigest(totals.sumTarget, target);
            target.writeLong(totals.mismatches);
        }

        @Override
        public TableTotals deserialize(DataInputView in) throws IOException {
            return new TableTotals(
                    in.readLong(), in.readLong(), in.readLong(), readDigest(in), readDigest(in), in.readLong());
        }
    }
}
