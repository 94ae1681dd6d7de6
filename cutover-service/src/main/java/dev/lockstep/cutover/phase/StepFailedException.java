package dev.lockstep.cutover.phase;

/** A step of the runbook did not come to a good end; the message says why. */
final class StepFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StepFailedException(String message) {
        super(message);
    }
}
