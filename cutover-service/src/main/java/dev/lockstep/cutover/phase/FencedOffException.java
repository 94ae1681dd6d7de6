package dev.lockstep.cutover.phase;

/** Another controller has taken over. This one must stop at once, without undoing anything: the world is the other's now. */
public final class FencedOffException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public FencedOffException(String migration, Throwable cause) {
        super(
                "another controller has taken over migration " + migration + "; this one stops and leaves all as it is",
                cause);
    }
}
