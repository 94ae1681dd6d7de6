package dev.lockstep.ingest.capture;

import dev.lockstep.ingest.guard.AgreedColumns;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.table.TableMapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the captured tables must still look like; the capture stops before the first record that says otherwise.
 *
 * @param columns by {@code schema.table} as the captured side names it
 * @param passed changes of the tables up to this place in the log were resumed from
 */
public record Agreed(Map<String, AgreedColumns> columns, Position passed) {

    /** Nothing is held against the tables. */
    public static final Agreed NOTHING = new Agreed(Map.of(), Position.SNAPSHOT);

    /** The same, with the places from which on changes of tables count that were copied anew. */
    Agreed since(Map<String, Position> places) {
        Map<String, AgreedColumns> now = new HashMap<>(columns);
        places.forEach((table, place) -> now.computeIfPresent(table, (name, agreed) -> agreed.since(place)));
        return new Agreed(now, passed);
    }

    /** The columns that every row must have, by the side's names. */
    public static List<String> carried(TableMapping table, Side side) {
        return table.columns().stream().map(side::nameOf).toList();
    }
}
