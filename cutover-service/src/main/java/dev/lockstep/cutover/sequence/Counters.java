package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets every counter of the side that the traffic goes to beyond what the other has given out and beyond every value that is stored. Numbers
 * that had been reserved but not used (a sequence's cache) are left out with it. Idempotent; a counter never goes back.
 */
public final class Counters {

    private static final Logger LOG = LoggerFactory.getLogger(Counters.class);

    private final Migration migration;
    private final List<TableMapping> tables;

    public Counters(Migration migration, List<TableMapping> tables) {
        this.migration = migration;
        this.tables = tables;
    }

    /**
     * A counter that would be set.
     *
     * @param table its name on the destination
     * @param origin what the origin gives out next
     * @param destination likewise; empty: it has no counter there
     */
    public record Counter(String table, long origin, OptionalLong destination) {}

    /** Those that {@link #advance} would set, as they are now. Changes nothing. */
    public List<Counter> look(Direction direction) throws SQLException {
        Engine given = Engine.of(migration.on(direction.origin()).dialect());
        Engine set = Engine.of(migration.on(direction.destination()).dialect());
        List<Counter> counters = new ArrayList<>();
        try (Connection origin = migration.on(direction.origin()).connect();
                Connection destination = migration.on(direction.destination()).connect()) {
            for (TableMapping table : tables) {
                OptionalLong next = given.next(origin, direction.origin().nameOf(table));
                TableId there = direction.destination().nameOf(table);
                if (next.isPresent())
                    counters.add(new Counter(there.toString(), next.getAsLong(), set.next(destination, there)));
            }
        }
        return counters;
    }

    /** To be called once the direction's origin is fenced: what it gives out after this is not seen. */
    public void advance(Direction direction) throws SQLException {
        Side from = direction.origin();
        Side to = direction.destination();
        Engine given = Engine.of(migration.on(from).dialect());
        Engine set = Engine.of(migration.on(to).dialect());
        try (Connection origin = migration.on(from).connect();
                Connection destination = migration.on(to).connectWriter()) {
            for (TableMapping table : tables) {
                OptionalLong next = given.next(origin, from.nameOf(table));
                if (next.isEmpty()) continue;
                set.advance(destination, to.nameOf(table), next.getAsLong());
                LOG.info("counter advanced: table={} next={}", to.nameOf(table), next.getAsLong());
            }
        }
    }
}
