package dev.lockstep.ingest.guard;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Debezium's task, with a {@link StreamGuard} between it and the worker. */
public final class GuardedPostgresTask extends PostgresConnectorTask {

    private @Nullable StreamGuard guard;

    @Override
    public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(Configuration config) {
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
