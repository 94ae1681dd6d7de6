package dev.lockstep.cutover.phase;

/**
 * The cutover stands still where it must neither go back nor forward by guess, and writes stand still with it. The message says at
 * which phase, why, and what to mend; {@link Conductor#resume()} goes on from there, in this process or the next.
 */
public final class UnfinishedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnfinishedException(String message, Throwable cause) {
        super(message, cause);
    }
}
