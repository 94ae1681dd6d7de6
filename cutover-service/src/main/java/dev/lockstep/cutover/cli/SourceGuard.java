package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.Phase;
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
 *
 * <p>While the application writes on the source it only looks whether that is so: a controller that was frozen may wake up and raise its fence
 * before it learns that another has taken over, but somebody may have closed the source on purpose just as well.
 */
final class SourceGuard {

    private static final Logger LOG = LoggerFactory.getLogger(SourceGuard.class);
    private static final Duration EVERY = Duration.ofSeconds(3);
    private static final Duration EVERY_IN_USE = Duration.ofSeconds(15);

    private final Writes source;
    private final PhaseOwner owner;
    private Instant looked = Instant.MIN;
    private boolean fallen;
    private volatile @Nullable String trouble;

    SourceGuard(Writes source, PhaseOwner owner) {
        this.source = source;
        this.owner = owner;
    }

    /**
     * Looks now and then, and closes it again if it is not wholly closed. To be called only while the application writes on the target.
     *
     * @throws dev.lockstep.cutover.phase.FencedOffException if another controller has taken over, who may have opened it
     */
    void watch(Instant now) {
        if (!isDue(now, EVERY)) return;
        try {
            boolean fell = !source.stopped();
            if (fell) closeAgain();
            fallen = fell;
            trouble = null;
        } catch (IllegalStateException e) {
            trouble = "it is not known whether the source is closed to others: " + e.getMessage();
        }
    }

    /** Looks now and then, and changes nothing. To be called only while the application writes on the source. */
    void watchInUse(Instant now) {
        if (!isDue(now, EVERY_IN_USE)) return;
        try {
            trouble = source.open()
                    ? null
                    : "the source keeps the application's writes out, or some of them, and the traffic is there; if nobody"
                            + " wants that, `lockstep rollback` opens it";
        } catch (IllegalStateException e) {
            trouble = "it is not known whether the application can write on the source: " + e.getMessage();
        }
    }

    private boolean isDue(Instant now, Duration every) {
        boolean wasSetBack = now.isBefore(looked);
        if (!wasSetBack && now.isBefore(looked.plus(every))) return false;
        looked = now;
        return true;
    }

    private void closeAgain() {
        owner.confirm();
        source.stop();
        if (fallen) return; // somebody goes on and on: told once
        tell("the source's fence was not whole any more, as after a restart of its server, and was raised again;"
                + " what was written there meanwhile is not on the target, and the proof names it");
    }

    /**
     * Opens it if it is not open.
     *
     * @param phase in which the application writes on the source, and which is not left meanwhile
     * @return whether that was needed
     * @throws IllegalStateException if the phase is another by now, or it is not known whether it is open
     * @throws dev.lockstep.cutover.phase.FencedOffException if another controller has taken over
     */
    boolean openAgain(Phase phase) {
        return owner.during(phase, () -> {
            if (source.open()) return false;
            owner.confirm();
            source.allow();
            trouble = null;
            tell("the source was closed while the traffic was there, and was opened");
            return true;
        });
    }

    private void tell(String what) {
        LOG.warn(what);
        owner.note(what, Map.of());
    }

    /** What an operator should look at. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }
}
