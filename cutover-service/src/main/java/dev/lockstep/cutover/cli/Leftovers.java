package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.capture.Capture;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.ControlTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a migration leaves behind in the databases and in DNS. */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private Leftovers() {}

    /**
     * Takes away what Lockstep made: what the captures hold in the log, its own tables, lowered TTLs. Nothing that is gone already is missed.
     * The source's fence stays up: who still comes there should find out.
     *
     * @return what is still there, each with its remedy
     */
    static List<String> remove(Migration migration) {
        List<String> left = new ArrayList<>(Ttls.atTheEnd(migration));
        for (Side side : Side.values()) {
            Endpoint endpoint = migration.on(side);
            try (Connection connection = endpoint.connectWriter()) {
                for (int lane = 0; lane < migration.lanes().count(); lane++)
                    Capture.forget(connection, endpoint.dialect(), new Topics(migration.name()), side, lane);
                ControlTables.drop(connection, endpoint.dialect());
            } catch (SQLException e) {
                LOG.warn("left behind: side={} error={}", side.label(), e.getMessage());
                left.add("on the " + side.label()
                        + ": schema or database lockstep, and on PostgreSQL slots and publications of that name ("
                        + e.getMessage() + "); drop them, or start `lockstep run` once more");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return left;
            }
        }
        return left;
    }
}
