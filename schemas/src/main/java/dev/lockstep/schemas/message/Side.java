package dev.lockstep.schemas.message;

import java.util.Locale;

/** Which of the two databases. */
public enum Side {
    SOURCE,
    TARGET;

    /** As topics, connectors and reports spell it: {@code source}, {@code target}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
