package dev.lockstep.ingest.guard;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector, whose task stops before a change of the tables. */
public final class GuardedPostgresConnector extends PostgresConnector {

    @Override
    public Class<? extends Task> taskClass() {
        return GuardedPostgresTask.class;
    }
}
