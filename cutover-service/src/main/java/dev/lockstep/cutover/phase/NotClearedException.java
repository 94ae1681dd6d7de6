package dev.lockstep.cutover.phase;

/** A move has not begun; the message names what is in its way. */
public final class NotClearedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public NotClearedException(String message) {
        super(message);
    }
}
