package dev.lockstep.cutover.sequence;

import dev.lockstep.cutover.sequence.Engine.Place;
import dev.lockstep.cutover.sequence.Engine.Setting;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
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

    /** Beyond the write pause, in which the server's own bounds end a statement first. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

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

    /** Those that {@link #advance} would set, as they are now. Changes nothing. */
    public List<Counter> look(Direction direction) throws SQLException {
        Map<Place, Long> given = given(direction);
        try (Connection there = bounded(direction.destination(), Endpoint::connect)) {
            Map<Place, Long> own = next(there, direction.destination());
            return given.entrySet().stream()
                    .map(counter -> new Counter(
                            counter.getKey().toString(), counter.getValue(), known(own.get(counter.getKey()))))
                    .toList();
        }
    }

    private static OptionalLong known(@Nullable Long number) {
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /**
     * To be called once the direction's origin is fenced: what it gives out after this is not seen. No answer is waited for longer than the write pause's
     * budget, nor a lock for long.
     */
    public void advance(Direction direction) throws SQLException {
        Map<Place, Long> given = given(direction);
        Engine engine = engine(direction.destination());
        try (Connection there = bounded(direction.destination(), Endpoint::connectWriter)) {
            Map<Place, Long> own = next(there, direction.destination());
            List<Setting> settings = new ArrayList<>();
            given.forEach((place, next) -> {
                Long now = own.get(place);
                if (now != null) settings.add(new Setting(place, now, next));
            });
            engine.advance(there, settings);
            LOG.info("counters advanced: {}", settings);
        }
    }

    /** What the origin gives out next, by the destination's names. */
    private Map<Place, Long> given(Direction direction) throws SQLException {
        Side from = direction.origin();
        Side to = direction.destination();
        Map<Place, Long> next;
        try (Connection origin = bounded(from, Endpoint::connect)) {
            next = next(origin, from);
        }
        Map<Place, Long> given = new LinkedHashMap<>();
        for (TableMapping table : tables)
            for (ColumnMapping column : table.columns()) {
                Long number = next.get(new Place(from.nameOf(table), from.nameOf(column)));
                if (number != null) given.put(new Place(to.nameOf(table), to.nameOf(column)), number);
            }
        Map<String, String> schemas = new LinkedHashMap<>();
        for (TableMapping table : tables)
            schemas.putIfAbsent(from.nameOf(table).schema(), to.nameOf(table).schema());
        next.forEach((place, number) -> {
            String schema = schemas.get(place.name().schema());
            if (place.column().isEmpty() && schema != null)
                given.put(new Place(new TableId(schema, place.name().name()), ""), number);
        });
        return given;
    }

    private Map<Place, Long> next(Connection connection, Side side) throws SQLException {
        Set<String> schemas = new LinkedHashSet<>();
        for (TableMapping table : tables) schemas.add(side.nameOf(table).schema());
        Map<Place, Long> next = new LinkedHashMap<>();
        for (String schema : schemas) next.putAll(engine(side).next(connection, schema));
        return next;
    }

    private interface Opening {
        Connection open(Endpoint endpoint) throws SQLException;
    }

    private Connection bounded(Side side, Opening opening) throws SQLException {
        Duration budget = migration.cutover().writePauseBudget();
        Connection connection = opening.open(migration.on(side));
        try {
            connection.setNetworkTimeout(
                    Runnable::run, (int) budget.plus(MARGIN).toMillis());
            engine(side).bound(connection, budget);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private Engine engine(Side side) {
        return Engine.of(migration.on(side).dialect());
    }
}
