package dev.lockstep.stream.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a migration's pipeline: lag and throughput by stage, and what the proof says. What it knows is kept in Kafka, so the next
 * start carries on from there. While it cannot read (starting, failed, closed) every answer is unknown, never an old figure. A
 * record that cannot be understood stops it: {@link #failure()}. Thread-safe.
 */
public final class LagMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LagMonitor.class);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final LagConfig config;
    private final KafkaStreams streams;
    private volatile @Nullable Throwable failure;

    private LagMonitor(LagConfig config) {
        this.config = config;
        streams = new KafkaStreams(LagTopology.build(config), settings(config));
        streams.setUncaughtExceptionHandler(this::fail);
    }

    /** Starts watching; returns at once. The migration's topics must be there. */
    public static LagMonitor start(LagConfig config) {
        LagMonitor monitor = new LagMonitor(config);
        monitor.streams.start();
        return monitor;
    }

    static Properties settings(LagConfig config) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.state().toString());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
        settings.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        // The prover and the appliers may write in transactions: what was not committed did not happen.
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // A fixed member: after a crash the next start takes its place at once, not when its session has run out.
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.applicationId());
        return settings;
    }

    /** Over the window of the configuration. */
    public LagView view() {
        return view(config.window());
    }

    /**
     * @param window at most ten minutes, or the configuration's window if that is longer
     */
    public LagView view(Duration window) {
        if (window.compareTo(config.retention()) > 0)
            throw new IllegalArgumentException(
                    "the last " + config.retention().toSeconds() + " s are remembered, not " + window.toSeconds());
        Instant at = config.clock().instant();
        return read(() -> new LagReader(stageStores()).view(at, window), () -> LagView.unknown(at, window));
    }

    public ProofView proof() {
        return read(
                () -> new ProofReader(
                                stageStores(),
                                store(LagTopology.VERDICTS),
                                store(LagTopology.MISMATCHES),
                                store(LagTopology.FIRST_MISMATCH))
                        .view(),
                () -> ProofView.UNKNOWN);
    }

    /** A sample per second of the last ten minutes, oldest first, without the second that is running. */
    public List<LagSample> series() {
        return read(() -> new SeriesReader(stageStores(), config.clock().instant()).samples(), List::of);
    }

    /** Whether it reads what the pipeline reports. */
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Why it stopped; empty while it works. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        boolean closed = streams.close(
                CloseOptions.timeout(CLOSING).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        if (!closed)
            LOG.atWarn().addKeyValue("application", config.applicationId()).log("did not stop in time");
    }

    private <T> T read(Supplier<T> reading, Supplier<T> unknown) {
        try {
            return reading.get();
        } catch (InvalidStateStoreException e) {
            return unknown.get(); // being restored, failed or closed
        }
    }

    private StageStores stageStores() {
        return new StageStores(store(LagTopology.LANES), store(LagTopology.STAGES), store(LagTopology.SECONDS));
    }

    private ReadOnlyKeyValueStore<Bytes, byte[]> store(String name) {
        try {
            return streams.store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.keyValueStore()));
        } catch (IllegalStateException e) {
            throw new InvalidStateStoreException("not running", e); // Streams' other way to say so
        }
    }

    private StreamThreadExceptionResponse fail(Throwable cause) {
        failure = cause;
        LOG.atError()
                .addKeyValue("application", config.applicationId())
                .setCause(cause)
                .log("lag is no longer measured");
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
}
