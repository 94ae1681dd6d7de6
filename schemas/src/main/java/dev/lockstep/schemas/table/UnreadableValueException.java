package dev.lockstep.schemas.table;

/** A value in a table that cannot be carried without changing it. Reading again does not help; mending the row does. */
public final class UnreadableValueException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnreadableValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
