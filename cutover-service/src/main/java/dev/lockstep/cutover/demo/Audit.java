package dev.lockstep.cutover.demo;

import java.util.List;

/**
 * Whether a database holds what the application was promised.
 *
 * @param acknowledged transactions whose commit was acknowledged
 * @param errors refused or broken connections, transactions and commits
 * @param lost rows whose newest acknowledged state is not there: another version, none, or one that should be gone; also rows
 *     that the application itself found without the write it had been promised, though a newer one covers it by now
 * @param firstLost the first hundred of them, with table, key, what was promised and what is there
 */
public record Audit(long acknowledged, long errors, long lost, List<String> firstLost) {

    public boolean passed() {
        return lost == 0;
    }
}
