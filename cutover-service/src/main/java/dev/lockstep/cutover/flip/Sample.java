package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.flip.Observed.View;
import java.util.List;
import java.util.stream.Stream;

/**
 * Answers of servers to names of which a share has moved.
 *
 * @param all answers
 * @param moved those that were as after the move
 * @param strange those that were neither as before it nor as after it, as lines for people
 * @param unread why there was none, likewise
 */
public record Sample(long all, long moved, List<String> strange, List<String> unread) {

    public static final Sample NONE = new Sample(0, 0, List.of(), List.of());

    public Sample {
        strange = List.copyOf(strange);
        unread = List.copyOf(unread);
    }

    static Sample of(List<Wanted> wanted, Observed observed) {
        Sample sample = new Sample(0, 0, List.of(), observed.unseen());
        for (View view : observed.views())
            if (view instanceof View.Seen seen) for (Wanted want : wanted) sample = sample.plus(of(want, seen));
        return sample;
    }

    private static Sample of(Wanted want, View.Seen seen) {
        if (want.from().equals(want.to())) return NONE;
        RecordSet now = seen.find(want.name(), want.type()).orElseThrow();
        boolean known = now.hasValues(want.from()) || now.hasValues(want.to());
        List<String> strange = known
                ? List.of()
                : List.of("dns server " + seen.server() + " shows " + now + ", neither 'from' " + want.from()
                        + " nor 'to' " + want.to());
        return new Sample(1, now.hasValues(want.to()) ? 1 : 0, strange, List.of());
    }

    public Sample plus(Sample other) {
        return new Sample(
                all + other.all, moved + other.moved, both(strange, other.strange), both(unread, other.unread));
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** For people. */
    @Override
    public String toString() {
        return moved + " of " + all + " answers named the target";
    }
}
