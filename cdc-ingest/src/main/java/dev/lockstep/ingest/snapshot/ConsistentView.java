package dev.lockstep.ingest.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Connections that all see the database as of one place in its log. Closing it closes them. */
interface ConsistentView extends AutoCloseable {

    List<Connection> readers();

    /** The place; a stream that starts at it shows every commit that the readers do not see, and none that they do. */
    Map<String, String> position();

    List<Part> parts() throws SQLException;

    @Override
    void close();
}
