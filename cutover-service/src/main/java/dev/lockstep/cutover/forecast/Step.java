package dev.lockstep.cutover.forecast;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What the write pause is made of, in its order. */
enum Step {
    FENCE("the fence is raised, sessions ended, and tried with a write"),
    DRAIN("the last barrier is applied, and proven on every table; twice, so that a breach shows"),
    TURN("a trial comes the other way, which marks where that begins"),
    COUNTERS("sequences and auto-increment counters are set"),
    DNS("the DNS update is sent, and read back from every server"),
    OPEN("the other side is opened, and the changes turn"),
    LOOKS("whether the fences are up is looked at, three times"),
    JOURNAL("the entries in the journal");

    /** The conductor's looks, and its entries between FENCED and the other side's opening. */
    private static final int LOOKS_IN_A_MOVE = 3;

    /** The second one shows whether anybody has written since the first. */
    private static final int LAST_BARRIERS = 2;

    private static final List<String> ENTRIES = List.of("journal FENCED", "journal DRAINED", "journal FLIPPED");

    final String text;

    Step(String text) {
        this.text = text;
    }

    /** What drills have shown of the step. */
    Optional<Duration> in(Drill drill) {
        return switch (this) {
            case DRAIN -> Optional.of(drill.applied().plus(drill.proven()).multipliedBy(LAST_BARRIERS));
            case TURN -> drill.turn();
            case LOOKS -> Optional.of(drill.look().multipliedBy(LOOKS_IN_A_MOVE));
            case FENCE, COUNTERS, DNS, OPEN, JOURNAL -> Optional.empty();
        };
    }

    /** What it took in an earlier move; of those that can be drilled, nothing: a drill is younger. */
    Optional<Duration> in(EarlierMove move, Direction direction) {
        boolean same = move.direction() == direction;
        return switch (this) {
            case FENCE -> same ? move.took(act -> act.equals(direction.origin().label() + ".stop")) : Optional.empty();
            case OPEN -> same && move.opened() ? move.took(opening(direction)) : Optional.empty();
            case COUNTERS -> move.took(act -> act.startsWith("sequences."));
            case DNS -> move.took(act -> act.equals("traffic.flip"));
            case JOURNAL -> move.opened() ? move.took(ENTRIES::contains) : Optional.empty();
            case DRAIN, TURN, LOOKS -> Optional.empty();
        };
    }

    private static Predicate<String> opening(Direction direction) {
        String allow = direction.destination().label() + ".allow";
        return act -> act.equals(allow) || act.equals("flow.halt") || act.equals("flow.carry");
    }
}
