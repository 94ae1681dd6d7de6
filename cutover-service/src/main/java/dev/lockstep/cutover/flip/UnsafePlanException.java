package dev.lockstep.cutover.flip;

/** The plan would do harm, or would rest on a world that is not as the rules say. Nothing was changed; the message names the remedy. */
public final class UnsafePlanException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnsafePlanException(String message) {
        super(message);
    }

    public UnsafePlanException(String message, Throwable cause) {
        super(message, cause);
    }
}
