package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.Patience;
import dev.lockstep.cutover.phase.Rest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps at a step that must not be left undone, for as long as the run is not to stop: meanwhile everybody sees what fails. */
final class Insistence implements Patience {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final BooleanSupplier stopped;
    private final Runnable look;
    private volatile @Nullable String trouble;

    /**
     * @param stopped whether the run is to stop
     * @param look shows the status
     */
    Insistence(BooleanSupplier stopped, Runnable look) {
        this.stopped = stopped;
        this.look = look;
    }

    @Override
    public boolean lasts(String trouble) {
        this.trouble = trouble;
        look.run();
        Rest.sleeping().rest(PAUSE);
        return !stopped.getAsBoolean();
    }

    /** The step is done, or left. */
    void over() {
        trouble = null;
    }

    /** What fails now, if something does. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }
}
