package dev.lockstep.schemas.message;

import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.Locale;

/** Which of the two databases. */
public enum Side {
    SOURCE,
    TARGET;

    /** As topics, connectors and reports spell it: {@code source}, {@code target}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the table is called there. */
    public TableId nameOf(TableMapping table) {
        return this == SOURCE ? table.source() : table.target();
    }
}
