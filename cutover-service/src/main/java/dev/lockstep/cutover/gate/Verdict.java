package dev.lockstep.cutover.gate;

/** What a rule says. Only {@link Open} lets anything pass: what is not known is never a pass. */
public sealed interface Verdict {

    Verdict OPEN = new Open();

    /** Why not, with figures and their units; empty when open. */
    default String reason() {
        return "";
    }

    default boolean isOpen() {
        return this instanceof Open;
    }

    record Open() implements Verdict {}

    /** The figures are there, and they forbid it. */
    record Closed(String reason) implements Verdict {}

    /** The figures are not there, or make no sense. */
    record Unknown(String reason) implements Verdict {}
}
