package dev.lockstep.cutover.cli;

/** A part of the pipeline has stopped for good. The message says which and why. */
final class PipelineException extends RuntimeException {

    private static final long serialVersionUID = 1;

    PipelineException(String message) {
        super(message);
    }
}
