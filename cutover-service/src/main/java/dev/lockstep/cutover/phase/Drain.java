package dev.lockstep.cutover.phase;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.gate.Verdict;
import java.time.Duration;
import java.util.List;

/** Waits until every table is proven equal at a barrier. */
final class Drain {

    private static final Duration POLL = Duration.ofMillis(5); // writes stand still meanwhile

    private final CutoverPorts ports;
    private final Rest rest;

    Drain(CutoverPorts ports, Rest rest) {
        this.ports = ports;
        this.rest = rest;
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
