package dev.lockstep.stream.apply;

/** An applier cannot go on until an operator has mended something. The message names it and the remedy. */
public final class ApplyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private enum Kind {
        TO_BE_MENDED,
        TAKEN_OVER,
        GONE_BACK
    }

    private final Kind kind;

    ApplyException(String message) {
        super(message);
        kind = Kind.TO_BE_MENDED;
    }

    ApplyException(String message, Throwable cause) {
        super(message, cause);
        kind = Kind.TO_BE_MENDED;
    }

    private ApplyException(String message, Kind kind) {
        super(message);
        this.kind = kind;
    }

    static ApplyException takenOver(String message) {
        return new ApplyException(message, Kind.TAKEN_OVER);
    }

    static ApplyException goneBack(String message) {
        return new ApplyException(message, Kind.GONE_BACK);
    }

    /** Whether another applier has the lane now: nothing is to be mended. */
    boolean isTakenOver() {
        return kind == Kind.TAKEN_OVER;
    }

    /** Whether the database has lost what it had taken, rows and offset alike: who begins anew where it stands loses nothing. */
    boolean isGoneBack() {
        return kind == Kind.GONE_BACK;
    }
}
