package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets everything that gives out numbers on the side that the traffic goes to beyond what the other has given out: counters of the carried columns,
 * also beyond every value that is stored, and sequences of the migrated schemas that belong to no table, by their names. Numbers that had been
 * reserved but not used (a sequence's cache) are left out with it. Idempotent; nothing goes back.
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
     * What would be set.
     *
     * @param name the table and its column, or the sequence, on the destination
     * @param origin what the origin gives out next
     * @param destination likewise; empty: nothing gives out numbers there
     */
    public record Counter(String name, long origin, OptionalLong destination) {}

    /**
     * What the origin gives out next, by the destination's names.
     *
     * @param column null: a sequence that belongs to no table
     */
    private record Given(TableId name, @Nullable String column, long next) {}

    /** Those that {@link #advance} would set, as they are now. Changes nothing. */
    public List<Counter> look(Direction direction) throws SQLException {
        Side to = direction.destination();
        Engine engine = engine(to);
        List<Counter> counters = new ArrayList<>();
        List<Given> given = given(direction);
        try (Connection there = migration.on(to).connect()) {
            Map<TableId, Long> sequences = sequences(there, to);
            for (Given counter : given) {
                String column = counter.column();
                Long own = column == null
                        ? sequences.get(counter.name())
                        : engine.ofTable(there, counter.name()).get(column);
                counters.add(new Counter(
                        column == null ? counter.name().toString() : counter.name() + "." + column,
                        counter.next(),
                        own == null ? OptionalLong.empty() : OptionalLong.of(own)));
            }
        }
        return counters;
    }

    /** To be called once the direction's origin is fenced: what it gives out after this is not seen. */
    public void advance(Direction direction) throws SQLException {
        Side to = direction.destination();
        Engine engine = engine(to);
        List<Given> given = given(direction);
        try (Connection there = migration.on(to).connectWriter()) {
            Map<TableId, Long> sequences = sequences(there, to);
            for (Given counter : given) {
                String column = counter.column();
                if (column != null) engine.advance(there, counter.name(), column, counter.next());
                else if (sequences.containsKey(counter.name())) engine.advance(there, counter.name(), counter.next());
                LOG.info("counter advanced: {}", counter);
            }
        }
    }

    private List<Given> given(Direction direction) throws SQLException {
        Side from = direction.origin();
        Side to = direction.destination();
        Engine engine = engine(from);
        List<Given> given = new ArrayList<>();
        try (Connection origin = migration.on(from).connect()) {
            for (TableMapping table : tables) {
                Map<String, Long> counters = engine.ofTable(origin, from.nameOf(table));
                for (ColumnMapping column : table.columns()) {
                    Long next = counters.get(from.nameOf(column));
                    if (next != null) given.add(new Given(to.nameOf(table), to.nameOf(column), next));
                }
            }
            for (TableMapping table : firstOfEachSchema(from))
                for (var sequence :
                        engine.ofNoTable(origin, from.nameOf(table).schema()).entrySet())
                    given.add(new Given(
                            new TableId(
                                    to.nameOf(table).schema(), sequence.getKey().name()),
                            null,
                            sequence.getValue()));
        }
        return given;
    }

    private Map<TableId, Long> sequences(Connection connection, Side side) throws SQLException {
        Map<TableId, Long> sequences = new LinkedHashMap<>();
        for (TableMapping table : firstOfEachSchema(side))
            sequences.putAll(
                    engine(side).ofNoTable(connection, side.nameOf(table).schema()));
        return sequences;
    }

    private Engine engine(Side side) {
        return Engine.of(migration.on(side).dialect());
    }

    /** What of a schema belongs to no table is where its first table is on the other side. */
    private Collection<TableMapping> firstOfEachSchema(Side side) {
        Map<String, TableMapping> first = new LinkedHashMap<>();
        for (TableMapping table : tables) first.putIfAbsent(side.nameOf(table).schema(), table);
        return first.values();
    }
}
