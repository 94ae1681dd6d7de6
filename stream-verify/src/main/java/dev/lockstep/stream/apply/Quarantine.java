package dev.lockstep.stream.apply;

import dev.lockstep.schemas.avro.DeadLetter;
import dev.lockstep.schemas.avro.LetterOutcome;
import dev.lockstep.schemas.avro.LetterOutcomeKind;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.migration.Migration.RefusedRows;
import dev.lockstep.schemas.row.RowKey;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a lane's target has refused, whose changes go to the topic {@code dead-letters} instead until an operator settles them.
 *
 * <p>A letter is in the topic <em>before</em> the transaction that leaves its change out commits on the target. The other way round, a
 * crash between the two would lose the change: the stored offset is behind it, and no letter tells of it. This way, such a crash
 * leaves a letter of a batch that comes again. It says up to which offset its batch went; what is beyond the offset that the next applier
 * finds stored is void, as those changes are refused again, or are not.
 *
 * <p>The topic is opened and written to while the lane's row on the target is locked, so the target alone says whose the lane is. A lock may be
 * gone unnoticed, as a server ends sessions that wait too long. So whoever opens the topic fences off the others first, and looks then whether he
 * still holds the lock, before he reads or writes. What Kafka does not take is settled by opening the topic anew.
 */
final class Quarantine implements AutoCloseable {

    /** More refused rows than that are no matter of single rows. */
    private static final int MOST = 1000;

    private final ApplyConfig config;
    private volatile LetterBook book = new LetterBook();
    private volatile @Nullable LetterTopic topic;
    private volatile boolean closed;

    /** Asks the target whether the lane's row is still locked by us. */
    interface Confirmation {
        /**
         * @throws SQLException if the lock is gone
         */
        void confirm() throws SQLException;
    }

    Quarantine(ApplyConfig config) {
        this.config = config;
    }

    /**
     * Learns which rows are set aside, if it does not know: an applier that had the lane before writes no letters any more. To be called while the
     * lane's row is locked.
     *
     * @param applied offset up to which the lane is applied
     * @param lock asked once others are fenced off
     * @throws KafkaException if Kafka is away
     */
    void open(long applied, Confirmation lock) throws SQLException {
        if (topic != null) return;
        LetterTopic opened = LetterTopic.open(config);
        try {
            lock.confirm();
            book = load(opened, applied);
            topic = opened;
        } finally {
            if (topic == null || closed) opened.close();
        }
    }

    private void append(List<LetterTopic.Entry> entries) {
        LetterTopic opened = Objects.requireNonNull(topic, "open");
        try {
            opened.append(entries);
        } catch (KafkaException e) {
            topic = null;
            opened.close();
            throw e;
        }
    }

    private LetterBook load(LetterTopic opened, long applied) {
        LetterBook book = new LetterBook();
        Map<ByteBuffer, LetterTopic.Entry> beyond = new LinkedHashMap<>();
        Map<ByteBuffer, LetterTopic.Entry> newest = new LinkedHashMap<>();
        for (LetterTopic.Entry entry : opened.read()) {
            if (config.retired().contains(entry.key().table())) continue; // its table was copied anew
            ByteBuffer id = ByteBuffer.wrap(Messages.encode(entry.key()));
            if (entry.letter().getOutcome() != null) {
                book.settle(entry.key());
                beyond.remove(id);
                newest.remove(id);
            } else if (entry.letter().getNextOffset() > applied) beyond.put(id, entry);
            else {
                book.add(OpenLetter.of(entry.key(), entry.letter()));
                newest.put(id, entry);
            }
        }
        opened.append(voided(beyond, newest));
        return book;
    }

    /** What was before is written anew: an outcome settles all of a row's letters so far. */
    private List<LetterTopic.Entry> voided(
            Map<ByteBuffer, LetterTopic.Entry> beyond, Map<ByteBuffer, LetterTopic.Entry> newest) {
        List<LetterTopic.Entry> entries = new ArrayList<>();
        beyond.forEach((id, entry) -> {
            ChangeEvent change = Messages.fromAvro(entry.letter().getChange());
            entries.add(outcome(entry.key(), change, LetterOutcomeKind.VOID, "lockstep"));
            LetterTopic.Entry before = newest.get(id);
            if (before != null) entries.add(before);
        });
        return entries;
    }

    /** How many more rows may be set aside. */
    int room() {
        return isBounded() ? Math.max(0, MOST - book.size()) : 0;
    }

    /** Whether any may be set aside, up to a bound. */
    boolean isBounded() {
        return config.rules().refusedRows() == RefusedRows.QUARANTINE;
    }

    int size() {
        return book.size();
    }

    /** The keys of a table's rows that are set aside. */
    Set<ByteBuffer> keys(String table) {
        return book.keys(table);
    }

    boolean isEmpty() {
        return size() == 0;
    }

    List<OpenLetter> open() {
        return book.open();
    }

    DeadLetter letter(ChangeEvent change, String sqlState, String error, long nextOffset) {
        return letter(change, sqlState, error, nextOffset, null);
    }

    private DeadLetter letter(
            ChangeEvent change, String sqlState, String error, long nextOffset, @Nullable LetterOutcome outcome) {
        return new DeadLetter(
                Messages.toAvro(change),
                sqlState,
                error,
                now(),
                config.direction().name(),
                config.lane(),
                nextOffset,
                outcome);
    }

    /** To be called before the transaction that leaves these out commits. */
    void publish(List<LetterTopic.Entry> letters) {
        append(letters);
        for (LetterTopic.Entry entry : letters) book.add(OpenLetter.of(entry.key(), entry.letter()));
    }

    /** From here on the rows' changes go to the target again. */
    void settle(List<OpenLetter> letters, LetterOutcomeKind kind, String by) {
        append(letters.stream()
                .map(letter -> outcome(letter.key(), letter.newest(), kind, by))
                .toList());
        letters.forEach(letter -> book.settle(letter.key()));
    }

    private LetterTopic.Entry outcome(RowKey key, ChangeEvent change, LetterOutcomeKind kind, String by) {
        return new LetterTopic.Entry(key, letter(change, "", "", 0, new LetterOutcome(kind, by)));
    }

    private long now() {
        return Micros.of(config.clock().instant());
    }

    @Override
    public void close() {
        closed = true;
        LetterTopic opened = topic;
        if (opened != null) opened.close();
    }
}
