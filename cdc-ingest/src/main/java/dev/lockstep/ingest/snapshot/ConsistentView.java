package dev.lockstep.ingest.snapshot;

import java.sql.Connection;
import java.util.List;
import java.util.Map;

/**
 * Connections that all see the database as of one place in its log. Closing it closes them.
 *
 * @param sessions all that it holds open, the readers among them
 * @param position the place; a stream that starts at it shows every commit that the readers do not see, and none that they do
 */
record ConsistentView(Sessions sessions, List<Connection> readers, Map<String, String> position)
        implements AutoCloseable {

    @Override
    public void close() {
        sessions.close();
    }
}
