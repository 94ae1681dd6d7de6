package dev.lockstep.ingest.preflight;

/**
 * What one check of preflight found.
 *
 * @param subject what was looked at: {@code source}, {@code shop.orders}, {@code shop.orders.total}
 * @param remedy what mends it, where possible the statement itself; empty for a pass
 */
public record Finding(Level level, String subject, String message, String remedy) {

    /** FAIL: capture must not begin. WARN: it may, and the operator should know. */
    public enum Level {
        PASS,
        WARN,
        FAIL
    }

    static Finding pass(String subject, String message) {
        return new Finding(Level.PASS, subject, message, "");
    }

    static Finding fail(String subject, String message, String remedy) {
        return new Finding(Level.FAIL, subject, message, remedy);
    }

    @Override
    public String toString() {
        return level + "  " + subject + ": " + message + (remedy.isEmpty() ? "" : "\n      remedy: " + remedy);
    }
}
