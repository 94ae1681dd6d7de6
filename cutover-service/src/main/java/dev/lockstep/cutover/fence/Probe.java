package dev.lockstep.cutover.fence;

/** What became of a real write by the application's user. */
public sealed interface Probe {

    /**
     * The engine refused it for being read-only.
     *
     * @param how SQLSTATE or error number, and the engine's words
     */
    record Refused(String how) implements Probe {}

    /** The engine took it; it was rolled back. */
    record Written() implements Probe {}

    /** It failed for another reason, which proves nothing about the fence. */
    record Inconclusive(String reason) implements Probe {}
}
