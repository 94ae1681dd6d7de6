package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.Migration.ApplyRules;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.cascade.Cascades;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What one lane's applier does.
 *
 * @param from whose changes are read; the other side is written
 * @param direction the barriers that close this applier's transactions; others are not its own and are not carried
 * @param destination the database that is written, as a user that {@link Endpoint#connectWriter} suffices for
 * @param tables every table whose changes the lane carries
 * @param retired ids of tables as they were once: their changes are passed over
 * @param rules how much one transaction takes, how much a second may bring, and what becomes of a refused row
 */
public record ApplyConfig(
        String bootstrap,
        Topics topics,
        Side from,
        Barrier.Direction direction,
        Endpoint destination,
        List<TableMapping> tables,
        Set<String> retired,
        int lane,
        ApplyRules rules,
        Clock clock) {

    private static final int COPY_FACTOR = 10;

    /**
     * Of a lane of the migration's source, whose changes go to its target.
     *
     * @param tables of all lanes
     */
    public static ApplyConfig ofSource(
            Migration migration,
            String bootstrap,
            Topics topics,
            Collection<TableMapping> tables,
            Set<String> retired,
            int lane,
            Clock clock) {
        return new ApplyConfig(
                bootstrap,
                topics,
                Side.SOURCE,
                Barrier.Direction.FORWARD,
                migration.target(),
                TableMapping.ofLane(lane, tables),
                retired,
                lane,
                migration.apply().shared(migration.lanes().count()),
                clock);
    }

    /** What the log that is read does not tell, and so is made here. The tables' keys are the source's. */
    Cascades cascades() {
        return from == Side.SOURCE ? Cascades.of(tables) : Cascades.NONE;
    }

    /** Changes that one transaction takes, before the end of a source transaction is sought. */
    int batchRows() {
        return rules.batchRows();
    }

    /** Rows of the initial copy that one transaction takes: they need no compaction, and a statement for each many. */
    int copyRows() {
        return batchRows() * COPY_FACTOR;
    }

    public ApplyConfig {
        tables = List.copyOf(tables);
        retired = Set.copyOf(retired);
    }
}
