package dev.lockstep.ingest.guard;

import dev.lockstep.ingest.canonical.ClassPath;
import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Debezium's task, with a {@link StreamGuard} between it and the worker. */
public final class GuardedPostgresTask extends PostgresConnectorTask {

    private @Nullable StreamGuard guard;

    /**
     * @throws ConnectException if Debezium's own classes came first on the class path
     */
    @Override
    public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(Configuration config) {
        ClassPath.check(WalPositionLocator.class, "KEEPS_OPEN_TRANSACTIONS", "lose changes at a restart");
        guard = StreamGuard.of(config, null);
        return super.start(config);
    }

    @Override
    @SuppressWarnings("NullAway") // null is what a poll without records gives
    public List<SourceRecord> doPoll() throws InterruptedException {
        List<SourceRecord> polled = super.doPoll();
        return guard == null ? polled : guard.pass(polled);
    }
}
