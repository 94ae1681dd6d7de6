package dev.lockstep.schemas.migration;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is watched while the application writes on the target and the way back is open.
 *
 * @param time for how long that is suggested; nothing happens by itself when it is over
 * @param check an operator's own; none: nothing is run
 */
public record SoakRules(
        Duration time, RollbackRules rollbackOn, @Nullable CheckRules check) {

    /** Nothing takes the traffic back by itself. */
    public static final SoakRules DEFAULT = new SoakRules(Duration.ofHours(72), RollbackRules.NONE, null);

    @SuppressWarnings("NullAway") // what the file leaves out arrives as null
    public SoakRules {
        time = time == null ? Duration.ofHours(72) : time;
        rollbackOn = rollbackOn == null ? RollbackRules.NONE : rollbackOn;
        if (time.isNegative()) throw new IllegalArgumentException("soak.time: 0s or more");
        if (rollbackOn.looksAtRuns() && check == null)
            throw new IllegalArgumentException(
                    "soak.rollbackOn: errorPercent and latency are of the runs of soak.check; give one");
        if (check != null
                && rollbackOn.latency() != null
                && rollbackOn.latency().compareTo(check.timeout()) >= 0)
            throw new IllegalArgumentException("soak.rollbackOn.latency: less than soak.check.timeout ("
                    + check.timeout().toMillis() + "ms), at which a run has failed");
    }

    /** Whether anything may take the traffic back by itself. */
    public boolean mayRollBack() {
        return rollbackOn.lag() != null
                || rollbackOn.stragglers() > 0
                || rollbackOn.looksAtRuns()
                || (check != null && check.then() == Then.ROLLBACK);
    }

    /**
     * What takes the traffic back by itself, while it still can.
     *
     * @param lag proven, of the source behind the target; none: no lag does
     * @param stragglers sessions of others on the source at once; 0: none do
     * @param stragglersAfter the target has opened: until then clients may still come to the source by an old answer of DNS
     * @param lasting for how long the lag, or the stragglers, must have been beyond that at every look
     * @param errorPercent of the check's newest runs that failed; 0: none do
     * @param latency of the check's newest runs that passed, 95 of 100 of them; none: no latency does
     */
    public record RollbackRules(
            @Nullable Duration lag,
            int stragglers,
            Duration stragglersAfter,
            Duration lasting,
            int errorPercent,
            @Nullable Duration latency) {

        static final RollbackRules NONE =
                new RollbackRules(null, 0, Duration.ofMinutes(10), Duration.ofSeconds(10), 0, null);

        @SuppressWarnings("NullAway") // as above
        public RollbackRules {
            stragglersAfter = stragglersAfter == null ? Duration.ofMinutes(10) : stragglersAfter;
            lasting = lasting == null ? Duration.ofSeconds(10) : lasting;
            requirePositive("lag", lag);
            requirePositive("latency", latency);
            if (stragglers < 0) throw new IllegalArgumentException("soak.rollbackOn.stragglers: at least 1");
            if (stragglersAfter.isNegative())
                throw new IllegalArgumentException("soak.rollbackOn.stragglersAfter: 0s or more");
            if (lasting.isNegative()) throw new IllegalArgumentException("soak.rollbackOn.lasting: 0s or more");
            if (errorPercent < 0 || errorPercent > 100)
                throw new IllegalArgumentException("soak.rollbackOn.errorPercent: 1 to 100");
        }

        private static void requirePositive(String key, @Nullable Duration value) {
            if (value != null && (value.isNegative() || value.isZero()))
                throw new IllegalArgumentException("soak.rollbackOn." + key + ": more than 0s");
        }

        private boolean looksAtRuns() {
            return errorPercent > 0 || latency != null;
        }
    }

    /** What a check that keeps failing leads to. */
    public enum Then {
        /** Status and journal say so. */
        TELL,
        /** The traffic goes back. */
        ROLLBACK
    }

    /**
     * A command that looks whether the application is well.
     *
     * @param command a program and its arguments; no shell reads it. Exit code 0: it is
     * @param every how long after one run began the next one does
     * @param timeout after which it is ended, and counts as failed
     * @param failures in a row that lead on
     */
    public record CheckRules(
            @JsonProperty(required = true) List<String> command,
            Duration every,
            Duration timeout,
            int failures,
            Then then) {

        @SuppressWarnings("NullAway") // as above
        public CheckRules {
            command = List.copyOf(command);
            every = every == null ? Duration.ofSeconds(10) : every;
            timeout = timeout == null ? Duration.ofSeconds(10) : timeout;
            failures = failures == 0 ? 3 : failures;
            then = then == null ? Then.TELL : then;
            if (command.isEmpty()) throw new IllegalArgumentException("check.command: a program and its arguments");
            if (every.toMillis() < 1000) throw new IllegalArgumentException("check.every: at least 1s");
            if (timeout.isNegative() || timeout.isZero())
                throw new IllegalArgumentException("check.timeout: more than 0s");
            if (failures < 1) throw new IllegalArgumentException("check.failures: at least 1");
        }
    }
}
