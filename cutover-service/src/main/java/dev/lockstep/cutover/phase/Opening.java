package dev.lockstep.cutover.phase;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Clock;
import java.time.Duration;

/**
 * Opens the side that the traffic goes to once DNS names it, never beside one that is writable, and never with a change missing; then the
 * changes turn. May be attempted again and again, also by the next process.
 */
final class Opening {

    /** How long one attempt waits for the proof. */
    private static final Duration PROOF = Duration.ofSeconds(30);

    private final PhaseOwner owner;
    private final CutoverPorts ports;
    private final Drain drain;
    private final Clock clock;
    private final Direction direction;
    private final Writes origin;
    private final Writes destination;
    private Flipped flipped;
    private boolean proven;

    /**
     * @param proven the last barrier's proof holds, unless the origin's fence turns out to have fallen
     */
    Opening(PhaseOwner owner, CutoverPorts ports, Drain drain, Clock clock, Flipped flipped, boolean proven) {
        this.owner = owner;
        this.ports = ports;
        this.drain = drain;
        this.clock = clock;
        this.direction = flipped.direction();
        this.origin = ports.on(direction.origin());
        this.destination = ports.on(direction.destination());
        this.flipped = flipped;
        this.proven = proven;
    }

    /** The phase as it is now: proving again moves it. */
    Flipped reached() {
        return flipped;
    }

    void attempt() {
        if (hasBegun()) {
            if (!origin.stopped()) origin.stop();
        } else {
            if (!proven) proveAgain();
            ports.flow().halt(); // whoever is rehearsed must not pass over what the opened side will write
            if (!flipped.opening()) begin();
            if (!origin.stopped()) refence();
        }
        destination.allow();
        ports.flow().carry(direction.opposite());
    }

    /**
     * Whether somebody may have written on the destination, whose rows are its own since. A side that is neither open nor stopped was left half-way
     * by an earlier attempt, before a crash or in this life; where none was made, somebody else disturbs its fence.
     */
    private boolean hasBegun() {
        return destination.open() || (flipped.opening() && !destination.stopped());
    }

    private void begin() {
        String side = direction.destination().label();
        flipped = owner.enter(flipped, flipped.opening(clock.instant()), "about to open the " + side);
    }

    private void refence() {
        proven = false; // remembered by the next attempt, even if the fence cannot be raised in this one
        origin.stop();
        throw new StepFailedException("the " + direction.origin().label() + "'s fence had fallen");
    }

    /** Somebody may have written there since the last barrier. The stream still carries that over, so drain once more. */
    private void proveAgain() {
        origin.stop();
        destination.stop();
        ports.flow().carry(direction);
        Deadline deadline = Deadline.in(clock, PROOF);
        Proof proof = drain.awaitLast(direction, deadline, () -> {});
        flipped = owner.enter(
                flipped,
                flipped.provenAgain(clock.instant(), LastProof.of(proof)),
                "drained once more: the " + direction.origin().label() + "'s fence may have had a gap");
        proven = true;
    }
}
