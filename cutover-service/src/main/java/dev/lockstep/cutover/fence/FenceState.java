package dev.lockstep.cutover.fence;

import java.util.List;

/** How a database stands towards writers other than Lockstep. */
public sealed interface FenceState {

    /** Nobody but Lockstep can write, and nobody has a transaction open that has written. */
    record Raised() implements FenceState {}

    /** Whoever may write, can. */
    record Lowered() implements FenceState {}

    /** Neither: some can write, or could without notice. Each reason names who or what, and the remedy. */
    record Partial(List<String> reasons) implements FenceState {
        public Partial {
            reasons = List.copyOf(reasons);
        }
    }

    /** It could not be seen. Not to be taken for any other state. */
    record Unknown(String reason) implements FenceState {}
}
