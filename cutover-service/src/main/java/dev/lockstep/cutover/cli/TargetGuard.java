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
    private static final String UNKNOWN = "it is not known whether the target is closed to others: ";

    private static final Logger LOG = LoggerFactory.getLogger(TargetGuard.class);

    private final Writes target;
    private final boolean wanted;
    private final Runnable inCharge;
    private Instant next = Instant.MIN;
    private boolean toOpen;
    private Instant opensAt = Instant.MIN;
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
     * Lets others write again where there is no guard: every cutover and rollback closes the target, and the traffic is on the source. What is
     * not due yet, and a target that is away, a {@link #watch} sees to later.
     *
     * @param forgottenAt when no client has the target's address any more from before a rollback: what is written there until then would be
     *     lost. {@link Instant#MAX}: nobody knows, and a person opens it
     */
    void endCutover(Instant now, Instant forgottenAt) {
        toOpen = !wanted;
        opensAt = forgottenAt;
        if (!toOpen) return;
        if (!now.isBefore(opensAt)) {
            open();
            return;
        }
        lookWhileStale();
        if (trouble != null) LOG.info("after the rollback: {}", trouble);
    }

    private void lookWhileStale() {
        tell(UNKNOWN, () -> trouble = target.stopped() ? whileClosed() : whileOpen());
    }

    private String whileClosed() {
        return opensAt.equals(Instant.MAX)
                ? "the target is closed to others since the rollback, as nobody here knows how long clients keep its address: once none has it"
                        + " any more, open the target by hand"
                : "the target is closed to others until " + opensAt
                        + ", as clients may have its address from before the rollback until then";
    }

    /** A person who opened it may know better than the TTL, and alone knows without one. */
    private @Nullable String whileOpen() {
        return opensAt.equals(Instant.MAX)
                ? null
                : "the target takes writes of others, which are not carried, and clients may have its address from before the rollback until "
                        + opensAt + ": somebody opened it, or its server was started again";
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
        if (toOpen && now.isBefore(opensAt)) lookWhileStale();
        else if (toOpen) {
            inCharge.run();
            open();
        }
        if (!wanted) return;
        tell(
                UNKNOWN,
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
