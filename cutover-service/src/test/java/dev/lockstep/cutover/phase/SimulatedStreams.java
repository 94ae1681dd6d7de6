package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Both sides' rows and logs, and what reads them. Each direction has a place in its origin's log that outlives the process. The one that carries
 * brings what comes behind that place to the other side, whoever wrote it there; the one that is rehearsed passes over it.
 */
final class SimulatedStreams {

    /** All rows that a side has, in the order in which it got them. */
    private final Map<Side, List<Long>> logs = new EnumMap<>(Side.class);

    private final Map<Side, Set<Long>> rows = new EnumMap<>(Side.class);
    private final Map<Direction, Integer> places = new EnumMap<>(Direction.class);
    private long written;

    /** Whether what is read is read at once, or as late as may be. */
    private final boolean eager;

    @Nullable
    Direction carrying;

    SimulatedStreams(boolean eager) {
        this.eager = eager;
        for (Side side : Side.values()) {
            logs.put(side, new ArrayList<>());
            rows.put(side, new HashSet<>());
        }
        for (Direction direction : Direction.values()) places.put(direction, 0);
    }

    /** The application writes. */
    void write(Side side) {
        add(side, ++written);
    }

    private void add(Side side, long row) {
        logs.get(side).add(row);
        rows.get(side).add(row);
    }

    /** Time goes by. */
    void flow() {
        Direction now = carrying;
        if (!eager || now == null) return;
        apply(now, end(now.origin()));
        passOver(now.opposite());
    }

    int end(Side side) {
        return logs.get(side).size();
    }

    /** The carrier's destination gets what its origin had at this place. */
    void apply(Direction direction, int to) {
        for (int at = places.get(direction); at < to; at++) {
            long row = logs.get(direction.origin()).get(at);
            assertThat(rows.get(direction.destination()))
                    .as("rows that a change goes round to, %s", direction)
                    .doesNotContain(row);
            add(direction.destination(), row);
        }
        places.merge(direction, to, Math::max);
    }

    /** What a trial shows that arrives. */
    void passOver(Direction direction) {
        places.put(direction, end(direction.origin()));
    }

    boolean hasAllOf(Side side, Side other) {
        return rows.get(side).containsAll(rows.get(other));
    }

    /** The process is gone; what is stored stays. */
    void die() {
        carrying = null;
    }
}
