package dev.lockstep.cutover.forecast;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A move that was made, or begun, and how long each of its acts took from the fence on.
 *
 * @param acts by the conductor's names; what was done again and again, in all
 */
record EarlierMove(Direction direction, Map<String, Duration> acts) {

    /** A cutover alone waits for open transactions before it begins. Both sides tell nothing: one that is resumed stops them both. */
    private static final String SETTLE = "source.settle";

    private static final String BEGIN = "journal FENCED";
    private static final List<String> ENDS =
            List.of("journal OPEN", "journal ROLLED_BACK", "journal FOLLOWING", "journal SOAKING");

    /** An act of the conductor, and how long it took. */
    record Act(String name, Duration took) {}

    /** The moves among all acts there ever were. */
    static List<EarlierMove> in(List<Act> acts) {
        List<EarlierMove> moves = new ArrayList<>();
        EarlierMove move = null;
        Direction next = Direction.REVERSE;
        for (Act act : acts) {
            if (act.name().equals(SETTLE)) next = Direction.FORWARD;
            if (act.name().equals(BEGIN)) {
                move = new EarlierMove(next, new HashMap<>());
                next = Direction.REVERSE;
            }
            if (move == null) continue;
            move.acts.merge(act.name(), act.took(), Duration::plus);
            if (!ENDS.contains(act.name())) continue;
            moves.add(move);
            move = null;
        }
        return moves;
    }

    /** Whether it went through: one that was given up has taken less. */
    boolean opened() {
        return acts.containsKey(direction.destination().label() + ".allow");
    }

    /** What the acts took together; empty if there were none of them. */
    Optional<Duration> took(Predicate<String> which) {
        return acts.entrySet().stream()
                .filter(act -> which.test(act.getKey()))
                .map(Map.Entry::getValue)
                .reduce(Duration::plus);
    }
}
