package dev.lockstep.stream.prove;

import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.TableMapping;
import java.io.Serializable;
import java.util.List;

/**
 * A table that gets verdicts.
 *
 * @param code 64 bits of its id's digest: a short name in the state that stays the same whatever other tables come and go
 */
record ProvenTable(String id, long code, int lane) implements Serializable {

    static ProvenTable of(TableMapping table) {
        return new ProvenTable(
                table.id(), RowDigest.of(new RowKey(table.id(), List.of())).low(), table.lane());
    }
}
