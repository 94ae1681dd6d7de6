package dev.lockstep.ingest.guard;

import dev.lockstep.ingest.canonical.ClassPath;
import io.debezium.config.Configuration;
import io.debezium.connector.mariadb.MariaDbConnectorTask;
import io.debezium.connector.mariadb.MariaDbDatabaseSchema;
import io.debezium.connector.mariadb.MariaDbOffsetContext;
import io.debezium.connector.mariadb.MariaDbPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Debezium's task, with a {@link StreamGuard} between it and the worker. */
public final class GuardedMariaDbTask extends MariaDbConnectorTask {

    private @Nullable StreamGuard guard;

    @Override
    public ChangeEventSourceCoordinator<MariaDbPartition, MariaDbOffsetContext> start(Configuration config) {
        ClassPath.check(MariaDbDatabaseSchema.class, "SEES_REPLACED_TABLES", "overlook `create or replace table`");
        Map<String, Object> offset = BinlogReach.offset(config, context);
        guard = StreamGuard.of(config, offset);
        BinlogReach.check("mariadb", config, offset);
        return super.start(config);
    }

    @Override
    @SuppressWarnings("NullAway") // null is what a poll without records gives
    public List<SourceRecord> doPoll() throws InterruptedException {
        List<SourceRecord> polled = super.doPoll();
        return guard == null ? polled : guard.pass(polled);
    }
}
