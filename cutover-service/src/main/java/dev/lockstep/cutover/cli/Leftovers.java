package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.capture.Capture;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.ControlTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a migration leaves behind in the databases and in DNS. Each of these takes away what Lockstep made there, misses nothing that is gone
 * already, and returns what is still there, each with its remedy.
 */
public interface Leftovers {

    static Leftovers of(Migration migration) {
        return new Real(migration);
    }

    /** All of them. */
    static List<String> remove(Leftovers leftovers) {
        return Stream.of(leftovers.inDns(), leftovers.onSource(), leftovers.onTarget())
                .flatMap(List::stream)
                .toList();
    }

    /** TTLs that were lowered. */
    List<String> inDns();

    /** Lockstep's tables, and what its captures hold in the log. The fence stays up: who still comes there should find out. */
    List<String> onSource();

    /** Likewise. */
    List<String> onTarget();

    /** Of a migration that was made. */
    record Real(Migration migration) implements Leftovers {

        private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

        @Override
        public List<String> inDns() {
            return Ttls.atTheEnd(migration);
        }

        @Override
        public List<String> onSource() {
            return on(Side.SOURCE);
        }

        @Override
        public List<String> onTarget() {
            return on(Side.TARGET);
        }

        private List<String> on(Side side) {
            Endpoint endpoint = migration.on(side);
            try (Connection connection = endpoint.connectWriter()) {
                for (int lane = 0; lane < migration.lanes().count(); lane++)
                    Capture.forget(connection, endpoint.dialect(), new Topics(migration.name()), side, lane);
                ControlTables.drop(connection, endpoint.dialect());
                return List.of();
            } catch (SQLException e) {
                LOG.warn("left behind: side={} error={}", side.label(), e.getMessage());
                return List.of("on the " + side.label()
                        + ": schema or database lockstep, and on PostgreSQL slots and publications of that name ("
                        + e.getMessage() + "); drop them, or start `lockstep run` once more");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of("on the " + side.label() + ": it was not looked at; start `lockstep run` once more");
            }
        }
    }
}
