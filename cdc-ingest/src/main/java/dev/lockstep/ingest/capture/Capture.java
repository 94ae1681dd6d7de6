package dev.lockstep.ingest.capture;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane of one database's changes on their way into Kafka: a Debezium connector that copies the tables once and then
 * follows the log. Starting it again carries on where it was; every change is in the topic exactly once.
 */
public final class Capture {

    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    private final CaptureConfig config;
    private final ConnectClient connect;

    private Capture(CaptureConfig config) {
        this.config = config;
        this.connect = new ConnectClient(config.connect());
    }

    /** Hands the connector to the worker; it goes on by itself from then on. */
    public static Capture start(CaptureConfig config) throws SQLException, IOException, InterruptedException {
        Capture capture = new Capture(config);
        capture.connect.put(config.name(), ConnectorSettings.of(config, capture.prepareLog()));
        LOG.info(
                "capture started: connector={} database={}",
                config.name(),
                config.database().url());
        return capture;
    }

    private String prepareLog() throws SQLException {
        if (!config.database().dialect().engine().equals("postgresql"))
            return "*"; // preflight has seen the full row image
        try (Connection connection = config.database().connectWriter()) {
            PostgresLog.publish(connection, config);
            return String.join(",", PostgresLog.tablesWithWholeBefore(connection, config));
        }
    }

    /** Why it has stopped, if it has; a connector that is still starting or moving has not. */
    public Optional<String> failure() throws IOException, InterruptedException {
        return connect.state(config.name())
                .filter(state -> state.state().equals("FAILED"))
                .map(state -> config.name() + ": " + rootCause(state.trace()));
    }

    public boolean isRunning() throws IOException, InterruptedException {
        return connect.state(config.name())
                .filter(state -> state.state().equals("RUNNING"))
                .isPresent();
    }

    private static String rootCause(String trace) {
        return trace.lines()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, last) -> last)
                .map(line -> line.substring("Caused by: ".length()))
                .orElseGet(() -> trace.lines().findFirst().orElse("no reason given"));
    }

    /** Ends the capture for good: the connector goes, and with it what it holds in the database's log. */
    public void remove() throws SQLException, IOException, InterruptedException {
        connect.delete(config.name());
        if (!config.database().dialect().engine().equals("postgresql")) return;
        try (Connection connection = config.database().connectWriter()) {
            PostgresLog.drop(connection, config);
        }
    }
}
