package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.cutover.phase.Writes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the source closed while the application writes on the target: MySQL and MariaDB forget their fence when the server starts, and clients
 * that still know the old address would write where nobody carries it from. What they wrote in between, the proof names.
 */
final class SourceGuard {

    private static final Logger LOG = LoggerFactory.getLogger(SourceGuard.class);
    private static final Duration EVERY = Duration.ofSeconds(3);

    private final Writes source;
    private final PhaseOwner owner;
    private Instant next = Instant.MIN;
    private volatile @Nullable String trouble;

    SourceGuard(Writes source, PhaseOwner owner) {
        this.source = source;
        this.owner = owner;
    }

    /**
     * Looks now and then, and closes it again if it is open. To be called only while the application writes on the target.
     *
     * @throws dev.lockstep.cutover.phase.FencedOffException if another controller has taken over, who may have opened it
     */
    void watch(Instant now) {
        if (now.isBefore(next)) return;
        next = now.plus(EVERY);
        try {
            if (source.open()) closeAgain();
            trouble = null;
        } catch (IllegalStateException e) {
            trouble = "it is not known whether the source is closed to others: " + e.getMessage();
        }
    }

    private void closeAgain() {
        owner.confirm();
        source.stop();
        String what = "the source's fence had fallen, as after a restart of its server, and was raised again;"
                + " what was written there meanwhile is not on the target, and the proof names it";
        LOG.warn(what);
        owner.note(what, Map.of());
    }

    /** What an operator should look at. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }
}
