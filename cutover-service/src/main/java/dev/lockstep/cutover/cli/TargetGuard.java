package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.Writes;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the application off the target until it is opened, also after an administrator or a server that was started again has let it in.
 * What is written there meanwhile, or where there is no guard, the proof reports.
 */
final class TargetGuard {

    private static final Logger LOG = LoggerFactory.getLogger(TargetGuard.class);
    private static final Duration EVERY = Duration.ofSeconds(3);

    private final Writes target;
    private final boolean wanted;
    private Instant next = Instant.MIN;

    /**
     * @param wanted whether the migration file asks for it
     */
    TargetGuard(Writes target, boolean wanted) {
        this.target = target;
        this.wanted = wanted;
    }

    /** Closes the target, before the first row is copied. */
    void begin() {
        if (wanted) target.stop();
    }

    /** Looks now and then, and closes the target again where it is open. */
    void keep(Instant now) {
        if (!wanted || now.isBefore(next)) return;
        next = now.plus(EVERY);
        try {
            if (target.stopped()) return;
            LOG.warn("the target took writes of others again; closing it");
            target.stop();
        } catch (IllegalStateException e) {
            LOG.warn("the target may take writes of others; trying again: error={}", e.getMessage());
        }
    }
}
