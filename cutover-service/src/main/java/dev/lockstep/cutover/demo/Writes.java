package dev.lockstep.cutover.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * What one transaction writes: the rows, all with the transaction's token as their version.
 *
 * <p>Tokens order the ledger. A row has one writer at a time (the worker that made it, or whose share of the seeded rows it
 * is in), which draws a greater token for every transaction, waits for its outcome, and only then begins the next. So for
 * each row the order of tokens is the order of the commits, whatever the order in which outcomes are noted. Two cases need
 * more than that:
 *
 * <ul>
 *   <li>A commit broke, and the server may still be at it while the worker writes the same row over a new connection. The
 *       unfinished transaction holds the row's lock: the later write waits for it, and commits after it.
 *   <li>A database gives out an id again whose first transaction did not commit, to another worker. That transaction began
 *       after the first had ended, so its token is greater, too.
 * </ul>
 */
final class Writes {

    record Write(ShopTable table, long key, boolean deleted) {}

    private final long token;
    private final List<Write> rows = new ArrayList<>();
    private final List<Runnable> whenAcknowledged = new ArrayList<>();

    Writes(long token) {
        if (token <= 0) throw new IllegalArgumentException("a token is positive");
        this.token = token;
    }

    /** The version that every written row gets. */
    long token() {
        return token;
    }

    /** The row holds the token now. */
    void wrote(ShopTable table, long key) {
        rows.add(new Write(table, key, false));
    }

    /** The row is gone. */
    void deleted(ShopTable table, long key) {
        rows.add(new Write(table, key, true));
    }

    /** What the writer remembers once, and only if, the commit was acknowledged. */
    void whenAcknowledged(Runnable action) {
        whenAcknowledged.add(action);
    }

    void acknowledge() {
        whenAcknowledged.forEach(Runnable::run);
    }

    List<Write> rows() {
        return rows;
    }
}
