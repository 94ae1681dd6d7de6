package dev.lockstep.stream.prove;

import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.TableMapping;
import java.io.Serializable;
import java.util.BitSet;
import java.util.List;

/**
 * A table that gets verdicts.
 *
 * @param code 64 bits of its id's digest: a short name in the state that stays the same whatever other tables come and go
 * @param values the columns that are not of the key
 * @param isFirst whether it was not copied anew: only the initial copy has all that is ahead of the log before the lane's first barrier
 */
record ProvenTable(String id, long code, int lane, BitSet values, boolean isFirst) implements Serializable {

    static ProvenTable of(TableMapping table) {
        BitSet values = new BitSet();
        values.set(0, table.columns().size());
        table.key().forEach(values::clear);
        long code = RowDigest.of(new RowKey(table.id(), List.of())).low();
        return new ProvenTable(table.id(), code, table.lane(), values, table.round() == 0);
    }
}
