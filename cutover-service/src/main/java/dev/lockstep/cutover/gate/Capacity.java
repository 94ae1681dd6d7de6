package dev.lockstep.cutover.gate;

/** Whether the target has room for the source's clients, as far as SQL tells: its connections, not its processors, memory and disks. */
public sealed interface Capacity {

    /**
     * Both servers said it.
     *
     * @param inUse connections of others on the source, those that its fence would end
     * @param free connections that the target still takes
     */
    record Seen(long inUse, long free) implements Capacity {}

    /** One of them did not. */
    record Unseen(String reason) implements Capacity {}

    default Verdict verdict() {
        if (this instanceof Unseen unseen) return new Verdict.Unknown(unseen.reason());
        Seen seen = (Seen) this;
        return seen.free() >= seen.inUse()
                ? Verdict.OPEN
                : new Verdict.Closed("the target takes " + Units.of(seen.free(), "more connection")
                        + ", and the source has " + seen.inUse() + " in use; raise the target's max_connections");
    }
}
