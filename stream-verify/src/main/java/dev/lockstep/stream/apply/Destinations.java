package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.table.TableMapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where each table's changes go, by the table's id in messages. The barriers' table is always among them. */
final class Destinations {

    private final Map<String, Destination> byId = new HashMap<>();
    private final Set<String> retired;
    private final boolean none;

    /**
     * @param none no change goes anywhere
     * @param retired ids whose changes go nowhere any more
     */
    Destinations(List<TableMapping> tables, boolean none, Set<String> retired, Side from) {
        this.none = none;
        this.retired = retired;
        byId.put(Barrier.MAPPING.id(), Destination.of(Barrier.MAPPING, from));
        for (TableMapping table : tables) {
            if (table.key().isEmpty())
                throw new ConfigurationException(
                        "table " + table.id() + " has no primary key: add one, or exclude the table");
            byId.put(table.id(), Destination.of(table, from));
        }
    }

    Destination barrier() {
        return of(Barrier.MAPPING.id());
    }

    /** Whether its changes are passed over: the table was copied anew since, under another id, or is not carried now or any more. */
    boolean isRetired(String id) {
        return none || retired.contains(id);
    }

    /**
     * @throws ConfigurationException if changes of that table were not expected
     */
    Destination of(String id) {
        Destination destination = byId.get(id);
        if (destination == null)
            throw new ConfigurationException(
                    "a change of table " + id
                            + " arrived, which is not among the migrated tables: exclude it from capture, or add it under tables.include");
        return destination;
    }
}
