package dev.lockstep.cutover.watch;

import java.time.Instant;
import java.util.List;

/**
 * Who is still on the fenced source, by samples: a session that came and went between two of them is not among these.
 *
 * @param at when it was looked at last
 * @param sessions of all clients then
 * @param clients all that were ever seen, the newest first
 * @param trouble why it cannot be looked at now; empty: it can
 */
public record Stragglers(Instant at, int sessions, List<Straggler> clients, String trouble) {

    public Stragglers {
        clients = List.copyOf(clients);
    }

    Stragglers withTrouble(String found) {
        return new Stragglers(at, sessions, clients, found);
    }
}
