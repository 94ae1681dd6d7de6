package dev.lockstep.ingest.guard;

import io.debezium.config.Configuration;
import io.debezium.connector.mysql.MySqlConnectorTask;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Debezium's task, with a {@link StreamGuard} between it and the worker. */
public final class GuardedMySqlTask extends MySqlConnectorTask {

    private @Nullable StreamGuard guard;

    @Override
    public ChangeEventSourceCoordinator<MySqlPartition, MySqlOffsetContext> start(Configuration config) {
        Map<String, Object> offset = BinlogReach.offset(config, context);
        guard = StreamGuard.of(config, offset);
        BinlogReach.check("mysql", config, offset);
        return super.start(config);
    }

    @Override
    @SuppressWarnings("NullAway") // null is what a poll without records gives
    public List<SourceRecord> doPoll() throws InterruptedException {
        List<SourceRecord> polled = super.doPoll();
        return guard == null ? polled : guard.pass(polled);
    }
}
