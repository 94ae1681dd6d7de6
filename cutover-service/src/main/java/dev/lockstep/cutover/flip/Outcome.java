package dev.lockstep.cutover.flip;

/** How applying a plan ended. */
public sealed interface Outcome {

    /** For the operator: what happened and, where it went wrong, what mends it. */
    String message();

    /** Whether the change is made, or on its way to be: worth reading back. */
    default boolean isTaken() {
        return this instanceof Accepted || this instanceof Pending || this instanceof AlreadyDone;
    }

    /** The primary has taken the whole update. It says nothing of the other servers: read back. */
    record Accepted(String message) implements Outcome {}

    /**
     * The provider has taken the whole update, and the primary does not show it yet. Until it does nothing can be taken back: that would find all as
     * it was, and the change would be shown afterwards.
     */
    record Pending(String message) implements Outcome {}

    /** The primary holds what the plan wants already; nothing was sent, or it had been done before. */
    record AlreadyDone(String message) implements Outcome {}

    /** A record set was not as the plan saw it: somebody else wrote. Nothing was changed; observe and plan again. */
    record Conflict(String message) implements Outcome {}

    /** The server would not: key, policy, zone. Nothing was changed, and trying again without mending it is in vain. */
    record Refused(String message) implements Outcome {}

    /** The update never left: nothing was changed. Trying again may help. */
    record Unreachable(String message) implements Outcome {}

    /**
     * The update left, no answer that can be trusted came back, and the primary went on showing the old state. It may still take effect
     * while the signature's time allows (RFC 8945 section 5.2.3: 300 s). Read on until it is settled; planning and applying anew is safe, as
     * only one of the two updates can find its prerequisites.
     */
    record Unsettled(String message) implements Outcome {}
}
