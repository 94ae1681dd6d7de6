package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets every counter of the target beyond what the source has given out and beyond every value that is stored. Numbers that the
 * source had reserved but not used (a sequence's cache) are left out with it. Idempotent; a counter never goes back.
 */
public final class Counters {

    private static final Logger LOG = LoggerFactory.getLogger(Counters.class);

    private final Endpoint source;
    private final Endpoint target;
    private final List<TableMapping> tables;

    public Counters(Endpoint source, Endpoint target, List<TableMapping> tables) {
        this.source = source;
        this.target = target;
        this.tables = tables;
    }

    /** To be called once the source is fenced: what it gives out after this is not seen. */
    public void advance() throws SQLException {
        Engine from = Engine.of(source.dialect());
        Engine to = Engine.of(target.dialect());
        try (Connection origin = source.connect();
                Connection destination = target.connectWriter()) {
            for (TableMapping table : tables) {
                OptionalLong next = from.next(origin, table.source());
                if (next.isEmpty()) continue;
                to.advance(destination, table.target(), next.getAsLong());
                LOG.info("counter advanced: table={} next={}", table.target(), next.getAsLong());
            }
        }
    }
}
