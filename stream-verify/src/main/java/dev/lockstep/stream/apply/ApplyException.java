package dev.lockstep.stream.apply;

/** An applier cannot go on until an operator has mended something. The message names it and the remedy. */
public final class ApplyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ApplyException(String message) {
        super(message);
    }

    ApplyException(String message, Throwable cause) {
        super(message, cause);
    }
}
