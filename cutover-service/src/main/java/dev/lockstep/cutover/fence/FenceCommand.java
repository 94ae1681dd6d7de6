package dev.lockstep.cutover.fence;

import dev.lockstep.cutover.operator.OperatorProcess;
import dev.lockstep.cutover.operator.OperatorProcess.How;

/**
 * The operator's command, given a verb as its last argument: {@code stop} and {@code allow} end with 0 once it is done, {@code state} ends with
 * 0 while writes are stopped and with 1 while they are not. Anything else means that it cannot tell. The last line that it writes is shown to
 * people.
 */
record FenceCommand(OperatorProcess process) {

    /**
     * @param code of its exit; -1 if it did not get there
     * @param said for people
     */
    record Ended(int code, String said) {

        boolean isDone() {
            return code == 0;
        }

        boolean isStopped() {
            return code == 0;
        }

        boolean isOpen() {
            return code == 1;
        }
    }

    Ended run(String verb) {
        OperatorProcess.Ended ended = process.run(verb);
        String line = process.command() + " " + verb + " ";
        if (ended.how() != How.EXITED) return new Ended(ended.code(), line + ended.said());
        return new Ended(
                ended.code(),
                line + "ended with " + ended.code() + (ended.said().isEmpty() ? "" : ": " + ended.said()));
    }
}
