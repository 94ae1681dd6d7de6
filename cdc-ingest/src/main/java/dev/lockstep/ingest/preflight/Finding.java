package dev.lockstep.ingest.preflight;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one check of preflight found.
 *
 * @param subject what was looked at: {@code source}, {@code shop.orders}, {@code shop.orders.total}
 * @param remedy what mends it, where possible the statement itself; empty for a pass
 * @param fix the remedy as statements that {@code check --fix} may run; null where only a person should
 */
public record Finding(
        Level level,
        String subject,
        String message,
        String remedy,
        @Nullable Fix fix) {

    /** FAIL: capture must not begin. WARN: it may, and the operator should know. */
    public enum Level {
        PASS,
        WARN,
        FAIL
    }

    /**
     * Statements that lose nothing, restart nothing and give no one a right.
     *
     * @param side {@code source} or {@code target}: where they are to be run
     */
    public record Fix(String side, List<String> statements) {}

    public Finding(Level level, String subject, String message, String remedy) {
        this(level, subject, message, remedy, null);
    }

    public static Finding pass(String subject, String message) {
        return new Finding(Level.PASS, subject, message, "");
    }

    public static Finding warn(String subject, String message, String remedy) {
        return new Finding(Level.WARN, subject, message, remedy);
    }

    public static Finding fail(String subject, String message, String remedy) {
        return new Finding(Level.FAIL, subject, message, remedy);
    }

    /** The same, with statements that {@code check --fix} may run instead of the operator. */
    Finding fixedBy(String side, String... statements) {
        return new Finding(level, subject, message, remedy, new Fix(side, List.of(statements)));
    }

    @Override
    public String toString() {
        return level + "  " + subject + ": " + message + (remedy.isEmpty() ? "" : "\n      remedy: " + remedy);
    }
}
