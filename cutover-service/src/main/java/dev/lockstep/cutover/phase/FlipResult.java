package dev.lockstep.cutover.phase;

/** What is known of the flip. */
public sealed interface FlipResult {

    /** It has taken effect: read back, not merely accepted. */
    record Done(DnsChange dns) implements FlipResult {}

    /** It has not taken effect and cannot any more: nothing was sent, or it was refused. */
    record NotDone(String reason) implements FlipResult {}

    /** It may have taken effect, or may yet: sent without an answer that can be trusted. */
    record Unsettled(String reason) implements FlipResult {}
}
