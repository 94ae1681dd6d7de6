package dev.lockstep.cutover.phase;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.gate.Verdict;
import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Duration;
import java.util.List;

/**
 * Waits until every table is proven equal at a barrier.
 *
 * <p>An administrator can write through any fence, so the last barrier comes twice: 1. the fence holds; 2. a barrier is written and proven; 3. all
 * that must be done before the flip is done; 4. a second barrier is written and proven. A write between 1 and 2 is carried as ever; one
 * between 2 and 4 shows, as other sums are proven at 4 than at 2. The flip follows 4 at once.
 */
final class Drain {

    private static final Duration POLL = Duration.ofMillis(5); // writes stand still meanwhile

    private final CutoverPorts ports;
    private final Rest rest;

    Drain(CutoverPorts ports, Rest rest) {
        this.ports = ports;
        this.rest = rest;
    }

    /**
     * Drains the direction, opens the way that it does not carry, and sets the counters ahead.
     *
     * @param wanted throws once the proof is not wanted any more
     * @return equal on every table at the last barrier, with nothing written since the one before
     * @throws RuntimeException if that cannot be had in time, or if somebody has written meanwhile
     */
    Proof awaitLast(Direction direction, Deadline deadline, Runnable wanted) {
        Proof first = await(ports.flow().writeLast(), deadline, wanted);
        ports.flow().mark(deadline);
        ports.sequences().advance(direction);
        Proof last = await(ports.flow().writeLast(), deadline, wanted);
        List<String> changed = last.changedSince(first);
        if (changed.isEmpty()) return last;
        throw new StepFailedException("breach: somebody wrote through the "
                + direction.origin().label() + "'s fence, to " + String.join(", ", changed)
                + "; see who may write there as an administrator, and keep them off");
    }

    /**
     * @param wanted throws once the proof is not wanted any more
     * @return equal on every table
     * @throws StepFailedException if a table differs, at once, or if the time is over before all are proven
     */
    Proof await(long barrierMicros, Deadline deadline, Runnable wanted) {
        while (true) {
            wanted.run();
            Proof proof = Proof.at(
                    barrierMicros, ports.proofs().verdictsAt(barrierMicros).orElse(List.of()));
            Verdict verdict = proof.covers(ports.tables());
            if (verdict.isOpen()) return proof;
            // What comes before the barrier is on both sides by now, so a difference is a difference: waiting mends
            // nothing.
            if (verdict instanceof Verdict.Closed) throw new StepFailedException(verdict.reason());
            if (deadline.isPast()) throw new StepFailedException("not proven in time: " + verdict.reason());
            rest.rest(POLL.compareTo(deadline.remaining()) < 0 ? POLL : deadline.remaining());
        }
    }
}
