package dev.lockstep.cutover.report;

import dev.lockstep.cutover.api.StateFile;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.message.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chains a migration's verdicts as they come, and keeps what came of the rows that differed. The verdicts stay in their topic; the chain
 * goes beside it, into a file that is only added to: whoever changes one of them has to change the other, and every report that was
 * handed out. Ended by any means it goes on where it was: what the file has beyond the saved place is not written again but compared.
 * Thread-safe.
 */
public final class ProofRecord implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProofRecord.class);
    private static final int BREAKS = 100;
    private static final String CHAIN = "chain";
    private static final String KEPT = "kept.json";

    private final Path directory;
    private final ChainFile file;
    private final VerdictBook book;
    private final MismatchHistory mismatches;
    private final List<String> breaks;
    private final Map<Long, Point> written = new HashMap<>();
    private final RecordReader reader;
    private long verdictOffset;
    private long mismatchOffset;

    private ProofRecord(String bootstrap, Topics topics, Path directory) {
        this.directory = directory;
        Kept kept =
                StateFile.read(directory.resolve(KEPT), Kept.class).orElseGet(() -> Kept.nothing(topics.migration()));
        book = VerdictBook.resume(kept.chain(), kept.tables());
        mismatches = new MismatchHistory(kept.mismatches(), kept.mismatchesLeftOut());
        breaks = new ArrayList<>(kept.breaks());
        verdictOffset = kept.verdictOffset();
        mismatchOffset = kept.mismatchOffset();
        file = ChainFile.open(directory.resolve(CHAIN), point -> {
            if (point.verdicts() >= kept.chain().verdicts()) written.put(point.verdicts(), point);
        });
        if (kept.chain().verdicts() > 0) {
            if (!written.containsKey(kept.chain().verdicts()))
                breakAt("the chain's file lacks the link after verdict "
                        + kept.chain().verdicts() + ", which it had");
            compare(kept.chain());
        }
        reader = new RecordReader(bootstrap, topics, this);
    }

    /**
     * @param directory is made; holds the chain and what is saved
     */
    public static ProofRecord start(String bootstrap, Topics topics, Path directory) {
        ProofRecord record = open(bootstrap, topics, directory);
        record.reader.start();
        return record;
    }

    /** Without reading any topic yet. */
    static ProofRecord open(String bootstrap, Topics topics, Path directory) {
        try {
            Files.createDirectories(directory);
            return new ProofRecord(bootstrap, topics, directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + directory, e);
        }
    }

    synchronized long verdictOffset() {
        return verdictOffset;
    }

    synchronized long mismatchOffset() {
        return mismatchOffset;
    }

    synchronized void verdict(ConsumerRecord<byte[], byte[]> message) {
        TableVerdict verdict = Messages.TABLE_VERDICT.decode(message.value());
        verdictOffset = message.offset() + 1;
        if (book.isRepeat(verdict)) return;
        if (verdict.getBarrierMicros() != book.barrierMicros()) endBarrier();
        book.add(verdict);
        compare(book.chain());
    }

    synchronized void mismatch(ConsumerRecord<byte[], byte[]> message) {
        mismatchOffset = message.offset() + 1;
        mismatches.add(message.key(), message.value(), Instant.ofEpochMilli(message.timestamp()));
    }

    private void endBarrier() {
        Point point = book.point();
        boolean due = book.isChanged()
                || file.last()
                        .map(last -> Micros.second(last.barrierMicros()) != Micros.second(point.barrierMicros()))
                        .orElse(true);
        if (due) mark();
    }

    /** Writes where the chain stands, if it has grown. */
    synchronized void mark() {
        if (book.chain().verdicts() > 0) file.append(book.point());
    }

    private void compare(Chain chain) {
        Point before = written.remove(chain.verdicts());
        if (before != null && !before.link().equals(chain.link()))
            breakAt("verdicts up to number " + chain.verdicts() + " were chained as " + before.link() + " and are "
                    + chain.link() + " now");
    }

    /** Notes what cannot be right in an untouched record. */
    synchronized void breakAt(String what) {
        LOG.warn("the record of the proof was changed: {}", what);
        if (breaks.size() < BREAKS && !breaks.contains(what)) breaks.add(what);
    }

    /** The file first: what is saved is never ahead of it. */
    synchronized void save() {
        mark();
        file.force();
        Kept kept = new Kept(
                verdictOffset,
                mismatchOffset,
                book.chain(),
                book.tables(),
                mismatches.episodes(),
                mismatches.leftOut(),
                List.copyOf(breaks));
        StateFile.write(directory.resolve(KEPT), kept);
    }

    /**
     * What is known, once the verdicts up to a barrier are in it or the patience is at its end.
     */
    public RecordView view(long barrierMicros, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (newest() < barrierMicros && System.nanoTime() < end) Thread.sleep(20);
        synchronized (this) {
            mark();
            return new RecordView(
                    points(directory), book.tables(), mismatches.episodes(), mismatches.leftOut(), List.copyOf(breaks));
        }
    }

    private synchronized long newest() {
        return book.barrierMicros();
    }

    /** What the chain's file in such a directory says. */
    public static List<Point> points(Path directory) {
        return ChainFile.readAll(directory.resolve(CHAIN));
    }

    @Override
    public void close() {
        reader.close();
        synchronized (this) {
            save();
            file.close();
        }
    }
}
