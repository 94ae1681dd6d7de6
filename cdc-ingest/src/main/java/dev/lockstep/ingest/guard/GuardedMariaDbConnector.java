package dev.lockstep.ingest.guard;

import io.debezium.connector.mariadb.MariaDbConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector, whose task stops before a change of the tables. */
public final class GuardedMariaDbConnector extends MariaDbConnector {

    @Override
    public Class<? extends Task> taskClass() {
        return GuardedMariaDbTask.class;
    }
}
