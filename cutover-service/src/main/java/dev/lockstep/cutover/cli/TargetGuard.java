package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.Writes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the application off the target until it is opened. What is written there all the same, or where there is no guard, the proof
 * reports.
 *
 * <p>Only the beginning of a run closes the target, when the journal is newly ours; after that it is watched. To close it again in between
 * could close a target that is in use: 1. a run is frozen; 2. another takes the journal over, cuts over and opens the target; 3. the
 * first wakes up, finds the target open and does not know yet that it is no longer in charge.
 */
final class TargetGuard {

    private static final Duration EVERY = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(TargetGuard.class);

    private final Writes target;
    private final boolean wanted;
    private final Runnable inCharge;
    private Instant next = Instant.MIN;
    private boolean toOpen;
    private volatile @Nullable String trouble;

    /**
     * @param wanted whether the migration file asks for it
     * @param inCharge throws if another controller has taken over
     */
    TargetGuard(Writes target, boolean wanted, Runnable inCharge) {
        this.target = target;
        this.wanted = wanted;
        this.inCharge = inCharge;
    }

    /**
     * Closes the target, before the first row is copied. The application's user may not be there yet; a cutover wants it.
     *
     * @throws IllegalStateException if it cannot be sure that it is closed
     */
    void begin() {
        if (!wanted) return;
        try {
            target.stop();
        } catch (UntriedFenceException e) {
            LOG.info("closed to others: {}", e.getMessage());
        }
    }

    /** Closes it as a run carries on; a target that is away is looked at later. */
    void carryOn() {
        tell("the target may take writes of others: ", this::begin);
    }

    /**
     * Lets others write again where there is no guard: every cutover and rollback closes the target, and the traffic is on the source. A target
     * that is away gets it later, at a {@link #watch}.
     */
    void endCutover() {
        toOpen = !wanted;
        if (toOpen) open();
    }

    private void open() {
        tell("the target is still closed to others; trying again: ", () -> {
            target.allow();
            toOpen = false;
            trouble = null;
        });
    }

    private void tell(String trouble, Runnable step) {
        try {
            step.run();
        } catch (IllegalStateException e) {
            this.trouble = trouble + e.getMessage();
        }
    }

    /** Looks now and then whether it is still as it should be. */
    void watch(Instant now) {
        if (now.isBefore(next)) return;
        next = now.plus(EVERY);
        if (toOpen) {
            inCharge.run();
            open();
        }
        if (!wanted) return;
        tell(
                "it is not known whether the target is closed to others: ",
                () -> trouble = target.stopped()
                        ? null
                        : "the target takes writes of others: somebody opened it, or its server was started again; end this run and start it"
                                + " again, which closes it");
    }

    /** What an operator should look at. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }
}
