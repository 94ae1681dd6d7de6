package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.flip.Observed.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers of servers to names of which a share has moved.
 *
 * @param all answers
 * @param moved those that were as after the move
 * @param strange those that were neither as before it nor as after it, as lines for people
 */
public record Sample(long all, long moved, List<String> strange) {

    public static final Sample NONE = new Sample(0, 0, List.of());

    public Sample {
        strange = List.copyOf(strange);
    }

    /** A server that was not read has given none. */
    static Sample of(List<Wanted> wanted, Observed observed) {
        Sample sample = NONE;
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
        return new Sample(1, now.hasValues(want.to()) ? 1 : 0, strange);
    }

    public Sample plus(Sample other) {
        List<String> both = new ArrayList<>(strange);
        both.addAll(other.strange);
        return new Sample(all + other.all, moved + other.moved, both);
    }

    /** For people. */
    @Override
    public String toString() {
        return moved + " of " + all + " answers named the target";
    }
}
