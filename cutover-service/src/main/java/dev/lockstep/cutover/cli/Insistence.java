package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.Patience;
import dev.lockstep.cutover.phase.Rest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps at a step that must not be left undone, for as long as the run is not to stop: meanwhile everybody sees what fails. */
final class Insistence implements Patience {

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Attempts beside a part that has stopped for good: a fence to lower does not need it, and an ended process lowers none. */
    private static final int ATTEMPTS_WITHOUT_PART = 100;

    private final BooleanSupplier stopped;
    private final Supplier<Optional<String>> tend;
    private final Runnable show;
    private final Rest rest;
    private int withoutPart;
    private volatile @Nullable String trouble;

    /**
     * @param stopped whether the run is to stop
     * @param tend looks after the parts that the step needs; says which has stopped for good, if one has
     * @param show shows the status
     */
    Insistence(BooleanSupplier stopped, Supplier<Optional<String>> tend, Runnable show, Rest rest) {
        this.stopped = stopped;
        this.tend = tend;
        this.show = show;
        this.rest = rest;
    }

    @Override
    public boolean lasts(String trouble) {
        Optional<String> failure = tend.get();
        this.trouble = failure.map(why -> trouble + "; " + why).orElse(trouble);
        show.run();
        rest.rest(PAUSE);
        withoutPart = failure.isEmpty() ? 0 : withoutPart + 1;
        return withoutPart < ATTEMPTS_WITHOUT_PART && !stopped.getAsBoolean();
    }

    /** The step is done, or left. */
    void over() {
        trouble = null;
        withoutPart = 0;
    }

    /** What fails now, if something does. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }
}
