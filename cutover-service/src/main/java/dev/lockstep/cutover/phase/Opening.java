package dev.lockstep.cutover.phase;

import dev.lockstep.cutover.gate.Proof;
import java.time.Clock;

/**
 * Opens the target once DNS names it, never beside a writable source, and never with a change missing. May be attempted again and
 * again.
 */
final class Opening {

    private final PhaseOwner owner;
    private final CutoverPorts ports;
    private final Drain drain;
    private final Clock clock;
    private Flipped flipped;
    private boolean proven;

    /**
     * @param proven the last barrier's proof holds, unless the source's fence turns out to have fallen
     */
    Opening(PhaseOwner owner, CutoverPorts ports, Drain drain, Clock clock, Flipped flipped, boolean proven) {
        this.owner = owner;
        this.ports = ports;
        this.drain = drain;
        this.clock = clock;
        this.flipped = flipped;
        this.proven = proven;
    }

    /** The phase as it is now: proving again moves it. */
    Flipped reached() {
        return flipped;
    }

    void attempt() {
        if (!ports.target().stopped()) { // opened before a crash, and its rows are its own since
            if (!ports.source().stopped()) ports.source().stop();
            return;
        }
        if (!proven) proveAgain();
        if (!ports.source().stopped()) refence();
        ports.target().allow();
    }

    private void refence() {
        proven = false; // remembered by the next attempt, even if the fence cannot be raised in this one
        ports.source().stop();
        throw new StepFailedException("the source's fence had fallen");
    }

    /** Somebody may have written on the source since the last barrier. The stream still carries that over, so drain once more. */
    private void proveAgain() {
        ports.source().stop();
        Proof proof = drain.await(ports.barriers().writeLast(), Deadline.in(clock, Persistence.PATIENCE));
        ports.sequences().advance();
        flipped = owner.enter(
                flipped,
                flipped.provenAgain(clock.instant(), LastProof.of(proof)),
                "drained once more: the source's fence may have had a gap");
        proven = true;
    }
}
