package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What many rows' changes add to the totals: one delta for each table and side. */
final class TableDeltas {

    private record Place(long table, Side side) {}

    private final Map<Place, TableDelta> sums = new HashMap<>();

    void add(TableDelta delta) {
        sums.merge(new Place(delta.table(), delta.side()), delta, TableDelta::plus);
    }

    /** Gives them all away and begins anew. */
    void take(Consumer<TableDelta> taker) {
        sums.values().forEach(taker);
        sums.clear();
    }
}
