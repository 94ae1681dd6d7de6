package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.table.ControlTables;
import dev.lockstep.stream.cascade.CascadeWriter;
import dev.lockstep.stream.cascade.Cascades;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches, one transaction each, and outlasts what passes by itself: a cut connection, a restarted server, a deadlock, Kafka away. A batch
 * that it returned from has taken effect exactly once; one that it failed on has had none. For one thread, {@link #abort} aside.
 */
final class TargetWriter {

    private static final Logger LOG = LoggerFactory.getLogger(TargetWriter.class);

    private final ApplyConfig config;
    private final Endpoint endpoint;
    private final AppliedTable table;
    private final Destinations tables;
    private final BatchRows rows;
    private final Sink sink;
    private final String place;
    private final CountDownLatch stopped;

    private final SessionWatch watch;

    private volatile @Nullable Line line;
    private volatile @Nullable String trouble;

    /**
     * @param patience with a server that does not answer
     * @param stopped open while attempts are to be repeated
     */
    TargetWriter(
            ApplyConfig config,
            Destinations tables,
            Cascades cascades,
            SessionWatch.Bounds patience,
            CountDownLatch stopped) {
        this.config = config;
        endpoint = config.destination();
        table = new AppliedTable(endpoint.dialect(), config.direction(), config.lane());
        sink = Sink.of(endpoint.dialect());
        this.tables = tables;
        Side written = config.from() == Side.SOURCE ? Side.TARGET : Side.SOURCE;
        rows = new BatchRows(sink, tables, new CascadeWriter(cascades, endpoint.dialect(), written));
        place = config.direction() + " lane " + config.lane();
        watch = new SessionWatch(patience, new Sessions(endpoint, patience.answer()), System::nanoTime);
        this.stopped = stopped;
    }

    /** To be closed at the end. */
    SessionWatch watch() {
        return watch;
    }

    /** Creates Lockstep's tables where they are missing, and takes the lane over from whoever had it. */
    Applied claim() throws InterruptedException {
        return retry("the topic's id", () -> {
            String topic = TopicId.of(config.bootstrap(), config.topics().changes(config.from()));
            Connection session = session();
            session.setAutoCommit(true);
            ControlTables.createBarrier(session, endpoint.dialect());
            ControlTables.createApplied(session, endpoint.dialect());
            session.setAutoCommit(false);
            return table.claim(session, topic);
        });
    }

    /** Prepares a batch for {@link #write}. For another thread than that one's. */
    void spellAhead(Batch batch) {
        rows.spellAhead(batch);
    }

    /**
     * Writes the batch that comes after what has been applied.
     *
     * @param aside what of it is left out
     * @return what has been applied with it
     * @throws ApplyException if the database refuses a row that may not be left out, another applier has taken the lane over, or the
     *     database has gone back to an earlier state
     */
    Applied write(Applied before, Batch batch, SetAside aside) throws InterruptedException {
        Applied after = before.after(batch);
        return retry(() -> {
            boolean again = line == null;
            Connection session = session();
            // the connection may have been cut while the last attempt was committing
            if (again && hasReached(session, before, after)) return after;
            writeRows(session, before, batch, aside);
            if (table.move(session, before, after)) {
                aside.publish(before, () -> lock(session, after));
                session.commit();
            } else settle(session, before, after);
            return after;
        });
    }

    private void writeRows(Connection session, Applied before, Batch batch, SetAside aside) throws SQLException {
        // copied rows may be ahead of the others, and so hold their unique values
        BatchRows.Care none = BatchRows.Care.none(before.barrierMicros() == 0 || batch.copiedRows() > 0);
        Optional<BatchRows.Care> care = Optional.of(none);
        while (true) {
            try {
                rows.write(session, batch, care.orElseThrow());
                return;
            } catch (BatchRows.Refused refused) {
                Culprit culprit = new Culprit(sink, session, refused, none.catchingUp());
                if (SqlErrors.isTooLarge(refused.error())) {
                    leaveOutLargest(culprit, refused, aside);
                    throw new SQLTransientConnectionException("begins anew without a row that is too large", "08000");
                }
                session.rollback();
                care = care.orElseThrow().after(refused);
                if (care.isPresent()) continue;
                leaveOut(culprit, refused, aside);
                care = Optional.of(none);
            }
        }
    }

    private void leaveOutLargest(Culprit culprit, BatchRows.Refused refused, SetAside aside) {
        Culprit.Found row = culprit.largest();
        if (!aside.take(row.key(), row.error())) throw explain(refused, Optional.of(row), aside);
    }

    private void leaveOut(Culprit culprit, BatchRows.Refused refused, SetAside aside) throws SQLException {
        boolean takes = aside.room() > 0 && SqlErrors.isOfTheRow(refused.error());
        List<Culprit.Found> found = takes
                ? culprit.findAll(aside.room() + 1)
                : culprit.find().stream().toList();
        if (found.isEmpty()) throw explain(refused, Optional.empty(), aside);
        for (Culprit.Found row : found)
            if (!aside.take(row.key(), row.error())) throw explain(refused, Optional.of(row), aside);
    }

    private void settle(Connection session, Applied before, Applied after) throws SQLException {
        session.rollback();
        if (!hasReached(session, before, after))
            throw new ApplyException(place + ": lockstep.applied cannot be moved from offset " + before.nextOffset());
    }

    private boolean hasReached(Connection session, Applied before, Applied after) throws SQLException {
        Applied found = table.read(session);
        if (found.epoch() > before.epoch())
            throw ApplyException.takenOver(place + ": another applier has taken over (epoch " + found.epoch()
                    + ", ours is " + before.epoch() + "); this one stops and has written nothing since");
        if (found.epoch() < before.epoch() || found.nextOffset() < before.nextOffset())
            throw ApplyException.goneBack(place + ": the database has gone back from offset " + before.nextOffset()
                    + " to " + found.nextOffset() + ": it lost what it had committed");
        if (found.nextOffset() == after.nextOffset()) return true;
        if (found.nextOffset() == before.nextOffset()) return false;
        throw new ApplyException(place + ": lockstep.applied says offset " + found.nextOffset() + " where "
                + before.nextOffset() + " was applied last: someone changed it; set it back, or copy the tables again");
    }

    /**
     * Writes rows that were left out of batches, in a transaction of their own. Those that hold their unique values must not be among the
     * others; between themselves they may move them.
     *
     * @return what the database says against it; empty: they are written
     * @throws ApplyException if another applier has taken the lane over
     */
    Optional<SQLException> rewrite(Applied now, List<OpenLetter> letters) throws InterruptedException {
        Batch batch = batch(now, letters);
        return retry(() -> {
            Connection session = session();
            try {
                rows.write(session, batch, new BatchRows.Care(false, false, true));
            } catch (BatchRows.Refused refused) {
                if (SqlErrors.isTooLarge(refused.error()))
                    abort(); // the server has ended the session, and would not hear of a rollback
                else session.rollback();
                return Optional.of(refused.error());
            }
            lock(session, now);
            session.commit();
            return Optional.empty();
        });
    }

    /** What is done while the lane's row is locked. */
    interface Owned {
        void run(Quarantine.Confirmation lock) throws SQLException;
    }

    /**
     * Runs something while the lane's row is locked: whoever takes the lane over waits for its end, or for that of our session.
     *
     * @throws ApplyException if another applier has taken it over
     */
    void owning(Applied now, Owned work) throws InterruptedException {
        retry(() -> {
            Connection session = session();
            lock(session, now);
            work.run(() -> lock(session, now));
            session.commit();
            return now;
        });
    }

    private void lock(Connection session, Applied now) throws SQLException {
        if (table.move(session, now, now)) return;
        session.rollback();
        hasReached(session, now, now);
        throw new ApplyException(place + ": lockstep.applied cannot be locked at " + now.nextOffset());
    }

    private Batch batch(Applied now, List<OpenLetter> letters) {
        Map<String, NetChanges> net = new LinkedHashMap<>();
        CanonicalEncoder encoder = new CanonicalEncoder();
        for (OpenLetter letter : letters)
            net.computeIfAbsent(letter.key().table(), id -> new NetChanges(tables.of(id), encoder))
                    .add(letter.newest(), letter.key());
        return new Batch(
                now.nextOffset(),
                now.position(),
                List.of(),
                List.of(new Segment(List.of(), List.copyOf(net.values()))),
                null,
                0,
                letters.size(),
                0);
    }

    private ApplyException explain(BatchRows.Refused refused, Optional<Culprit.Found> culprit, SetAside aside) {
        Destination written = refused.changes().table();
        SQLException error = culprit.map(Culprit.Found::error).orElse(refused.error());
        String row = culprit.map(found -> ", key " + found.key().display()).orElse("");
        return new ApplyException(
                "table " + written.id() + row + ": refused by " + written.table() + " of "
                        + endpoint.dialect().engine() + " [SQLSTATE " + SqlErrors.state(error) + "]: "
                        + SqlErrors.message(error) + "; " + SqlErrors.remedy(error) + aside.bound()
                        + ", then start again: nothing is lost",
                error);
    }

    private Connection session() throws SQLException {
        Line open = line;
        return open == null ? connect() : open.connection();
    }

    private Connection connect() throws SQLException {
        Line opened = Line.open(endpoint, watch.answer());
        line = opened;
        watch.waitsFor(opened);
        if (stopped.getCount() == 0) abort(); // it came too late to be ended with the others
        Connection session = opened.connection();
        sink.prepare(session);
        session.setAutoCommit(false);
        session.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return session;
    }

    /** Ends the session, whatever it is doing: the database rolls back what it has not committed. */
    void abort() {
        Line ended = line;
        line = null;
        watch.waitsFor(null);
        if (ended != null) ended.abort();
    }

    private interface Attempt<T> {
        T run() throws SQLException, InterruptedException;
    }

    /** Why it tries again and again, while it does, or what it waits for. */
    Optional<String> trouble() {
        return watch.trouble().or(() -> Optional.ofNullable(trouble));
    }

    private <T> T retry(Attempt<T> attempt) throws InterruptedException {
        return retry("dead letters", attempt);
    }

    /**
     * @param ofKafka what the attempt wants of Kafka
     */
    private <T> T retry(String ofKafka, Attempt<T> attempt) throws InterruptedException {
        Backoff backoff = new Backoff(stopped);
        while (true) {
            String passing;
            try {
                watch.begin();
                T result = attempt.run();
                trouble = null;
                return result;
            } catch (KafkaException e) {
                abort();
                Throwable cause = cause(e);
                String says = " (" + ofKafka + "): " + cause.getMessage();
                if (isFinal(cause)) throw new ApplyException(place + ": Kafka refuses" + says, e);
                passing = "waits for Kafka, and asks it again" + says;
            } catch (SQLException e) {
                abort();
                String says = "[SQLSTATE " + SqlErrors.state(e) + "]: " + SqlErrors.message(e);
                if (!SqlErrors.isTransient(e))
                    throw new ApplyException(place + ": the database says " + says + "; " + SqlErrors.remedy(e), e);
                passing = "takes no changes, and is tried again " + says;
            } catch (RuntimeException e) {
                abort(); // what it began must not keep its locks
                throw e;
            } finally {
                watch.end();
            }
            trouble = passing;
            LOG.atWarn()
                    .addKeyValue("lane", place)
                    .addKeyValue("retryInMillis", backoff.next().toMillis())
                    .log("cannot write: {}", passing);
            backoff.await();
        }
    }

    /** A producer that has met an error says afterwards only that it has, and what it was is the cause. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause;
    }

    private static boolean isFinal(Throwable cause) {
        return cause instanceof AuthorizationException
                || cause instanceof RecordTooLargeException
                || cause instanceof UnsupportedVersionException;
    }
}
