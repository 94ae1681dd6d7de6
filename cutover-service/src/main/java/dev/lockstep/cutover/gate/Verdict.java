package dev.lockstep.cutover.gate;

/** What a rule says. Only {@link Open} lets anything pass, and what an operator has overridden: what is not known is never a pass. */
public sealed interface Verdict {

    Verdict OPEN = new Open();

    /** Why not, with figures and their units; empty when open. */
    default String reason() {
        return "";
    }

    /** Whether it lets pass. */
    default boolean isOpen() {
        return this instanceof Open || this instanceof Overridden;
    }

    record Open() implements Verdict {}

    /** The figures are there, and they forbid it. */
    record Closed(String reason) implements Verdict {}

    /** The figures are not there, or make no sense. */
    record Unknown(String reason) implements Verdict {}

    /**
     * The figures forbid it, and an operator lets it pass.
     *
     * @param closed why it is closed
     * @param why it may pass, in the operator's words
     * @param by who says so
     */
    record Overridden(String closed, String why, String by) implements Verdict {
        @Override
        public String reason() {
            return closed + "; overridden by " + by + ": " + why;
        }
    }
}
