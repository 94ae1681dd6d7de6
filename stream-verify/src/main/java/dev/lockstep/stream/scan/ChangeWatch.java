package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeHead;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.stream.cascade.Cascades;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the changes of the side that the application writes on as they come, and tells whether a row stood still between two barriers: then
 * whatever was read of it in between is its state, and no other is on its way to the other side. Of what came before the watch began,
 * nothing is known.
 *
 * <p>Where the log is silent of cascades, a row has not stood still for sure while a change of any row that it may hang on came by.
 */
final class ChangeWatch implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Direction direction;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    /** Of each watched row the newest barrier that its newest change came after; −1: none has come. */
    private final Map<RowDigest, Long> changed = new ConcurrentHashMap<>();

    /** Of each table that cascades change unseen, the newest barrier that the newest of them came after. */
    private final Map<String, Long> cascaded = new ConcurrentHashMap<>();

    private final Cascades cascades;
    private final AtomicLongArray passed;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    private ChangeWatch(String bootstrap, Direction direction, Cascades cascades, List<TopicPartition> lanes) {
        this.direction = direction;
        this.cascades = cascades;
        passed = new AtomicLongArray(lanes.size());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(lanes);
        consumer.seekToEnd(lanes);
        thread = new Thread(this::run, "scan-changes");
        thread.setDaemon(true);
    }

    /**
     * @param direction in which changes are carried
     * @param cascades that the origin's log is silent of
     */
    static ChangeWatch start(String bootstrap, Topics topics, Direction direction, int lanes, Cascades cascades) {
        ChangeWatch watch = new ChangeWatch(
                bootstrap,
                direction,
                cascades,
                IntStream.range(0, lanes)
                        .mapToObj(lane -> new TopicPartition(topics.changes(direction.origin()), lane))
                        .toList());
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (consumer) {
            while (!closed) for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) read(message);
        } catch (WakeupException e) {
            // closed
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> message) {
        if (message.value() == null) return;
        ChangeHead head = Messages.headOf(message.value());
        if (head.operation() == ChangeEvent.Operation.COMMIT) return;
        if (head.table().equals(Barrier.MAPPING.id()))
            Barrier.in(Messages.decodeChange(message.value())).ifPresent(barrier -> pass(message.partition(), barrier));
        else {
            long since = passed.get(message.partition());
            if (!changed.isEmpty() && message.key() != null)
                changed.computeIfPresent(RowDigest.of(Messages.decodeKey(message.key())), (row, before) -> since);
            if (cascades.isParent(head.table()) && mayCascade(head, message.value()))
                cascades.reachedFrom(head.table()).forEach(table -> cascaded.put(table, since));
        }
    }

    private boolean mayCascade(ChangeHead head, byte[] change) {
        return switch (head.operation()) {
            case DELETE -> true; // also as the first half of a changed key
            case UPDATE -> cascades.of(Messages.decodeChange(change), null).isPresent();
            default -> false;
        };
    }

    private void pass(int lane, Barrier barrier) {
        if (barrier.direction() == direction && !barrier.trial() && barrier.lane() == lane)
            passed.set(lane, Math.max(passed.get(lane), barrier.micros()));
    }

    /** In which changes are carried. */
    Direction direction() {
        return direction;
    }

    /**
     * The newest barrier that came by in the lane; 0 while none has.
     *
     * @throws IllegalStateException if Kafka cannot be read any more
     */
    long passed(int lane) {
        RuntimeException lost = failure;
        if (lost != null) throw new IllegalStateException("cannot watch the changes: " + lost, lost);
        return passed.get(lane);
    }

    /** Begins to note the rows' changes, from what comes next on. */
    void watch(Collection<RowDigest> rows) {
        rows.forEach(row -> changed.putIfAbsent(row, -1L));
    }

    void forget(Collection<RowDigest> rows) {
        rows.forEach(changed::remove);
    }

    /** Whether the row of the table, watched since before the barrier, has not changed from the barrier on to what came by last. */
    boolean stoodStill(String table, RowDigest row, long barrierMicros) {
        return changed.getOrDefault(row, Long.MAX_VALUE) < barrierMicros && !mayHaveCascaded(table, barrierMicros);
    }

    /** Whether from the barrier on rows of the table may have changed that the log does not tell of. */
    boolean mayHaveCascaded(String table, long barrierMicros) {
        return cascaded.getOrDefault(table, -1L) >= barrierMicros;
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
