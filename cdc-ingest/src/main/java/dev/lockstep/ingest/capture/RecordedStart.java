package dev.lockstep.ingest.capture;

import io.debezium.spi.snapshot.Snapshotter;
import java.util.Map;

/**
 * Debezium's part in a start at a recorded position: no rows, as they are copied already, and the tables' structure once. The position is
 * set as the connector's offset before its first start, with the mark of a snapshot under way; with the first change that mark goes. The
 * modes that Debezium brings either start where the log is now ({@code no_data}), or read the structure anew at every start and so
 * forget what it was when older changes were made ({@code recovery}). Debezium makes it by name.
 */
public final class RecordedStart implements Snapshotter {

    static final String NAME = "lockstep";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public boolean shouldSnapshotData(boolean offsetExists, boolean snapshotInProgress) {
        return false;
    }

    @Override
    public boolean shouldSnapshotSchema(boolean offsetExists, boolean snapshotInProgress) {
        return snapshotInProgress;
    }

    @Override
    public boolean shouldStream() {
        return true;
    }

    @Override
    public boolean shouldStreamEventsStartingFromSnapshot() {
        return false;
    }

    @Override
    public boolean shouldSnapshotOnSchemaError() {
        return false;
    }

    @Override
    public boolean shouldSnapshotOnDataError() {
        return false;
    }
}
