package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that may apply a migration's source changes, as a consumer group: of those that live, each lane has one at a time. One that dies or
 * freezes loses its lanes after the session timeout. It may not know that yet when it goes on: what it then tries to write
 * fails, as the lane has another owner in the database ({@link AppliedTable}); the group alone decides who tries.
 */
public final class LaneGroup implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LaneGroup.class);
    private static final Duration LOOK = Duration.ofMillis(200);

    /** So long a lane is left to one that took it without the group's word, before it is taken back. */
    private static final Duration YIELD = Duration.ofSeconds(15);

    private final @Nullable IntFunction<Applier> start;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<Integer, Applier> lanes = new ConcurrentHashMap<>();
    private final Map<Integer, Instant> yielded = new HashMap<>();
    private final Thread thread = new Thread(this::run, "lane-group");
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    private LaneGroup(
            String bootstrap,
            Topics topics,
            @Nullable String first,
            Duration session,
            @Nullable IntFunction<Applier> start) {
        this.start = start;
        Map<String, Object> settings = new HashMap<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ConsumerConfig.GROUP_ID_CONFIG,
                "lockstep." + topics.migration() + ".apply",
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                LeaderFirst.class.getName(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                (int) session.toMillis(),
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                (int) session.toMillis() / 4,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest"));
        if (first != null) settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, first);
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(topics.sourceChanges()), new Assignment());
    }

    /**
     * Stands by: applies each lane that falls to this process for as long as it does.
     *
     * @param session after so long without a sign of life a process has lost its lanes
     * @param start starts a lane's applier
     */
    public static LaneGroup standBy(String bootstrap, Topics topics, Duration session, IntFunction<Applier> start) {
        LaneGroup group = new LaneGroup(bootstrap, topics, null, session, start);
        group.thread.start();
        return group;
    }

    /**
     * Keeps all lanes from those that stand by, as long as this process lives: it applies them itself, from before this on. There is one
     * such process; a newer one takes its place.
     */
    public static LaneGroup lead(String bootstrap, Topics topics, Duration session) {
        LaneGroup group = new LaneGroup(bootstrap, topics, "lead", session, null);
        group.thread.start();
        return group;
    }

    /** What ended it; empty while it works or stands by. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** The lanes that it applies now. */
    public Map<Integer, Applier> lanes() {
        return Map.copyOf(lanes);
    }

    private void run() {
        try {
            while (!stopped) {
                consumer.poll(LOOK);
                look();
            }
        } catch (WakeupException e) {
            LOG.debug("stopped");
        } catch (RuntimeException e) {
            failure = e;
            LOG.atError()
                    .setCause(e instanceof ApplyException ? null : e) // its causes quote rows
                    .log("no lanes are applied here any more: {}", e.getMessage());
        } finally {
            lanes.keySet().forEach(this::end);
            consumer.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        }
    }

    private void look() {
        lanes.forEach((lane, applier) -> applier.failure().ifPresent(e -> {
            if (!(e instanceof ApplyException refused) || !refused.isTakenOver())
                throw new ApplyException("lane " + lane + ": " + e.getMessage(), e);
            LOG.atInfo().addKeyValue("lane", lane).log("another applier has taken over");
            end(lane);
            yielded.put(lane, Instant.now().plus(YIELD));
        }));
        for (TopicPartition partition : consumer.assignment()) {
            Instant until = yielded.get(partition.partition());
            if (until != null && until.isBefore(Instant.now())) begin(partition.partition());
        }
    }

    private void begin(int lane) {
        yielded.remove(lane);
        if (start == null) return;
        LOG.atInfo().addKeyValue("lane", lane).log("the lane is ours");
        lanes.put(lane, start.apply(lane));
    }

    private void end(int lane) {
        Applier applier = lanes.remove(lane);
        if (applier != null) applier.close();
    }

    private final class Assignment implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions); // the appliers read
            partitions.forEach(partition -> begin(partition.partition()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                yielded.remove(partition.partition());
                end(partition.partition());
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
