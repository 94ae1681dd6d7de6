package dev.lockstep.stream.apply;

/** An applier cannot go on until an operator has mended something. The message names it and the remedy. */
public final class ApplyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean takenOver;

    ApplyException(String message) {
        super(message);
        takenOver = false;
    }

    ApplyException(String message, Throwable cause) {
        super(message, cause);
        takenOver = false;
    }

    private ApplyException(String message, boolean takenOver) {
        super(message);
        this.takenOver = takenOver;
    }

    static ApplyException takenOver(String message) {
        return new ApplyException(message, true);
    }

    /** Whether another applier has the lane now: nothing is to be mended. */
    boolean isTakenOver() {
        return takenOver;
    }
}
