package dev.lockstep.cutover.fence;

import org.jspecify.annotations.Nullable;

/** The fence cannot be prepared, or what it is about cannot be seen. The message says what is missing and what mends it. */
public final class FenceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public FenceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
