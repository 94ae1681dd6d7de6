package dev.lockstep.ingest.guard;

import org.apache.kafka.connect.errors.ConnectException;

/** Stops a capture just before the first record of a table that is not any more what the migration agreed on. */
public final class SchemaChangedException extends ConnectException {

    private static final long serialVersionUID = 1;

    /** What stands before the message in the worker's trace. */
    public static final String MARK = SchemaChangedException.class.getName() + ": ";

    private static final String POSITION = " at log position ";

    SchemaChangedException(String change, String position) {
        super(change.replaceAll("\\s+", " ") + POSITION + position);
    }

    /** The change as the trace's line says it, without its place. */
    public static String change(String message) {
        int place = message.lastIndexOf(POSITION);
        return place < 0 ? message : message.substring(0, place);
    }

    /** The place in the log as the trace's line says it. */
    public static String position(String message) {
        int place = message.lastIndexOf(POSITION);
        return place < 0 ? "" : message.substring(place + POSITION.length());
    }
}
