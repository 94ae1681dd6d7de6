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
 * @param direction from which side changes are read, and to which they are written; its barriers close this applier's transactions, the other
 *     direction's are not carried
 * @param destination the database that is written, as a user that {@link Endpoint#connectWriter} suffices for
 * @param tables every table whose changes the lane carries
 * @param retired ids of tables as they were once: their changes are passed over
 * @param rehearsing it passes over all changes and brings over nothing but barriers; at first from the newest one on
 * @param rules how much one transaction takes, how much a second may bring, and what becomes of a refused row
 */
public record ApplyConfig(
        String bootstrap,
        Topics topics,
        Barrier.Direction direction,
        Endpoint destination,
        List<TableMapping> tables,
        Set<String> retired,
        int lane,
        boolean rehearsing,
        ApplyRules rules,
        Clock clock) {

    private static final int COPY_FACTOR = 10;

    /**
     * Of a lane of the migration.
     *
     * @param tables of all lanes
     */
    public static ApplyConfig of(
            Migration migration,
            Barrier.Direction direction,
            String bootstrap,
            Topics topics,
            Collection<TableMapping> tables,
            Set<String> retired,
            int lane,
            Clock clock) {
        return new ApplyConfig(
                bootstrap,
                topics,
                direction,
                migration.on(direction.destination()),
                TableMapping.ofLane(lane, tables),
                retired,
                lane,
                false,
                migration.apply().shared(migration.lanes().count()),
                clock);
    }

    /** The same, passing over all changes from now on: it only tries the way. */
    public ApplyConfig toRehearse() {
        return new ApplyConfig(bootstrap, topics, direction, destination, tables, retired, lane, true, rules, clock);
    }

    /** Whose changes are read; the other side is written. */
    Side from() {
        return direction.origin();
    }

    /** What the log that is read does not tell, and so is made here. The tables' keys are the source's. */
    Cascades cascades() {
        return from() == Side.SOURCE && !rehearsing ? Cascades.of(tables) : Cascades.NONE;
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
