package dev.lockstep.ingest.guard;

import org.apache.kafka.connect.errors.ConnectException;

/** The database no longer has the changes that come next. Going on would skip them silently, so nothing goes on. */
public final class LogLostException extends ConnectException {

    private static final long serialVersionUID = 1;

    /** What stands before the message in the worker's trace. */
    public static final String MARK = LogLostException.class.getName() + ": ";

    LogLostException(String message) {
        super(message);
    }
}
