package dev.lockstep.cutover.watch;

import java.util.Map;
import java.util.Optional;

/**
 * One look at the clients of a server; Lockstep's own sessions and the server's left out.
 *
 * @param sessions open ones of each client
 * @param refused statements that were ever refused to each client as read-only; empty: the engine does not count them
 */
record Sample(Map<Client, Integer> sessions, Optional<Map<Client, Long>> refused) {

    /** From where, and as whom. */
    record Client(String address, String user) {}
}
