package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.message.CopyChunk;
import dev.lockstep.schemas.message.CopyPlan;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration.CopyRules;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.List;

/**
 * One round of copying of one lane of one database.
 *
 * @param tables what is copied, the barriers' table among them
 * @param slot PostgreSQL: the replication slot that the stream will read; its publication is there
 * @param round 0: the initial copy; else the tables' log is being followed already
 */
public record CopyConfig(
        String bootstrap,
        Topics topics,
        Side side,
        int lane,
        Endpoint database,
        List<TableMapping> tables,
        String slot,
        CopyRules rules,
        int round) {

    TableId idOf(TableMapping table) {
        return side.nameOf(table);
    }

    RowReader readerOf(TableMapping table) {
        return side.readerOf(database.dialect(), table);
    }

    /** Of the plan's record in the topic {@code copy}. */
    String key() {
        return CopyPlan.key(side, lane, round);
    }

    /** Of a chunk's record there. */
    String key(CopyChunk chunk) {
        return chunk.key(side, lane, round);
    }

    /** For log lines and errors. */
    String place() {
        return "copy of the " + side.label() + " lane " + lane + (round == 0 ? "" : " round " + round);
    }
}
