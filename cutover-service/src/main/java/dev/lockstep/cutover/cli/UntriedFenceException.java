package dev.lockstep.cutover.cli;

/** The application's user can neither write nor is refused, so nobody knows whether a fence holds. */
final class UntriedFenceException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    UntriedFenceException(String message) {
        super(message);
    }
}
