package dev.lockstep.ingest.guard;

import io.debezium.connector.mysql.MySqlConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector, whose task stops before a change of the tables. */
public final class GuardedMySqlConnector extends MySqlConnector {

    @Override
    public Class<? extends Task> taskClass() {
        return GuardedMySqlTask.class;
    }
}
