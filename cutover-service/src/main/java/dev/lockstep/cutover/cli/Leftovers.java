package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.capture.Capture;
import dev.lockstep.ingest.capture.CaptureConfig;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.ControlTables;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a migration leaves behind in the databases, in Kafka Connect and in DNS. Each of these takes away what Lockstep made there, misses
 * nothing that is gone already, and returns what is still there, each with its remedy.
 */
public interface Leftovers {

    static Leftovers of(Migration migration) {
        return new Real(migration);
    }

    /** All of them. */
    static List<String> remove(Leftovers leftovers) {
        return Stream.of(removeCaptures(leftovers), leftovers.inDns(), leftovers.onSource(), leftovers.onTarget())
                .flatMap(List::stream)
                .toList();
    }

    /** What captures would keep a database's log growing by, for ever; the connectors first, as they hold the slots. */
    static List<String> removeCaptures(Leftovers leftovers) {
        return Stream.of(leftovers.inConnect(), leftovers.inSourceLog(), leftovers.inTargetLog())
                .flatMap(List::stream)
                .toList();
    }

    /** Connectors in a Connect cluster of one's own; an embedded worker's end with its process. */
    List<String> inConnect();

    /** What its captures hold there. */
    List<String> inSourceLog();

    /** Likewise. */
    List<String> inTargetLog();

    /** TTLs that were lowered. */
    List<String> inDns();

    /** Lockstep's tables. The fence stays up: who still comes there should find out. */
    List<String> onSource();

    /** Likewise. */
    List<String> onTarget();

    /** Of a migration that was made. */
    record Real(Migration migration) implements Leftovers {

        private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
        private static final String AGAIN = "start `lockstep run` once more";

        @Override
        public List<String> inConnect() {
            String connect = migration.kafka().connect();
            if (connect == null) return List.of();
            String what = "in Kafka Connect at " + connect + ": connectors lockstep." + migration.name() + ".*";
            return tryTo(what, "delete them, before slots of that name", () -> {
                for (Side side : Side.values())
                    for (int lane = 0; lane < lanes(); lane++)
                        Capture.forget(URI.create(connect), topics(), side, lane);
            });
        }

        @Override
        public List<String> inSourceLog() {
            return inLog(Side.SOURCE);
        }

        @Override
        public List<String> inTargetLog() {
            return inLog(Side.TARGET);
        }

        private List<String> inLog(Side side) {
            Endpoint endpoint = migration.on(side);
            if (!endpoint.dialect().engine().equals("postgresql")) return List.of();
            return tryTo(
                    "on the " + side.label() + ": replication slots and publications " + slots(side),
                    "drop them, as slots keep log for ever",
                    () -> {
                        try (Connection connection = endpoint.connectWriter()) {
                            for (int lane = 0; lane < lanes(); lane++)
                                Capture.forget(connection, endpoint.dialect(), topics(), side, lane);
                        }
                    });
        }

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
            return tryTo("on the " + side.label() + ": schema or database lockstep", "drop it", () -> {
                try (Connection connection = endpoint.connectWriter()) {
                    ControlTables.drop(connection, endpoint.dialect());
                }
            });
        }

        private String slots(Side side) {
            return IntStream.range(0, lanes())
                    .mapToObj(lane -> CaptureConfig.slot(topics(), side, lane))
                    .collect(Collectors.joining(", "));
        }

        private Topics topics() {
            return new Topics(migration.name());
        }

        private int lanes() {
            return migration.lanes().count();
        }

        private static List<String> tryTo(String what, String remedy, Removal removal) {
            try {
                removal.run();
                return List.of();
            } catch (SQLException | IOException | RuntimeException e) {
                LOG.warn("left behind: {} error={}", what, e.toString());
                return List.of(what + " (" + reason(e) + "); " + remedy + ", or " + AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of(what + ": not looked at; " + AGAIN);
            }
        }

        /** Not every exception of a connection that is refused has words of its own. */
        private static String reason(Exception e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }

        private interface Removal {
            void run() throws SQLException, IOException, InterruptedException;
        }
    }
}
