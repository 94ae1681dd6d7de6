package io.debezium.connector.postgresql.connection;

import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where PostgreSQL's log is read on after a start, and what of it is known already. Stands in the place of Debezium's class of this name, which
 * loses changes:
 *
 * <ol>
 *   <li>Transaction 2 begins and changes a row; transaction 1 commits and is captured, and its end is noted, which is where the next record begins.
 *   <li>That record is a change of transaction 2, so its place is the one that is noted.
 *   <li>Started again, Debezium takes it for the last change that it has seen, and leaves out all of transaction 2 up to there.
 * </ol>
 *
 * <p>A place in the log tells nothing across transactions. But the server sends them in the order of their commits, from the first one that
 * commits behind the place that it is asked for, each as a whole. So asked for behind the last commit that was captured, it leaves out all that is known
 * but the beginning of the one transaction that was being captured: those of its changes, which do stand in order, that are not behind the last one.
 *
 * @see <a href="https://www.postgresql.org/docs/17/logicaldecoding-explanation.html">PostgreSQL: Logical Decoding Concepts</a>
 */
public class WalPositionLocator {

    /** Tells this class from Debezium's own. */
    public static final boolean KEEPS_OPEN_TRANSACTIONS = true;

    private final @Nullable Lsn lastCommit;
    private final @Nullable Lsn lastEvent;
    private final boolean inside;
    private boolean passing;

    /**
     * @param lastCommit the end of the last transaction that was captured as a whole
     * @param lastEvent the last message that was captured
     * @param type what that was; null: unknown
     */
    public WalPositionLocator(@Nullable Lsn lastCommit, @Nullable Lsn lastEvent, @Nullable Operation type) {
        this.lastCommit = lastCommit;
        this.lastEvent = lastEvent;
        inside = lastEvent != null && isChange(type);
        passing = !inside;
    }

    /** Nothing was captured yet. */
    public WalPositionLocator() {
        this(null, null, null);
    }

    private static boolean isChange(@Nullable Operation type) {
        return type == Operation.INSERT
                || type == Operation.UPDATE
                || type == Operation.DELETE
                || type == Operation.TRUNCATE;
    }

    /** Whether the server was asked for too early a place, and must be again for {@link #getLastEventStoredLsn}. */
    public boolean searchingEnabled() {
        return lastCommit != null && lastEvent != null && lastEvent.compareTo(lastCommit) < 0;
    }

    /** Nothing that the server sends now is needed to know where to begin. */
    public Optional<Lsn> resumeFromLsn(Lsn received, ReplicationMessage message) {
        return Optional.of(received);
    }

    /** What is read from now on is captured. */
    public void enableFiltering() {
        passing = !inside;
    }

    /** Whether the message is known already. Those without a place, and the ends of transactions, are never left out, whatever this says. */
    public boolean skipMessage(Lsn received) {
        if (!passing && received.isValid() && received.compareTo(lastEvent) > 0) passing = true;
        return !passing;
    }

    /** The place to ask the server for. */
    public @Nullable Lsn getLastEventStoredLsn() {
        return searchingEnabled() ? lastCommit : lastEvent;
    }

    public @Nullable Lsn getLastCommitStoredLsn() {
        return lastCommit;
    }

    @Override
    public String toString() {
        return "last commit " + lastCommit + ", last message " + lastEvent + (inside ? ", inside a transaction" : "");
    }
}
