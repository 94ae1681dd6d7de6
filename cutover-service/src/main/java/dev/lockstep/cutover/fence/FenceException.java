package dev.lockstep.cutover.fence;

/** The fence cannot be prepared. The message says what is missing and what mends it. */
public final class FenceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public FenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
