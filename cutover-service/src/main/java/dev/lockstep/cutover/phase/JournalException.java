package dev.lockstep.cutover.phase;

/** The journal cannot be read or written. Whether it has the last transition, the next start tells. */
public final class JournalException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
