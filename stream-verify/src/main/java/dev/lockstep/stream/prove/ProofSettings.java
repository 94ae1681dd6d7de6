package dev.lockstep.stream.prove;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;

/** Flink's settings for a proof: in this process quick to answer, small, on loopback alone. */
final class ProofSettings {

    /** Fixes the key groups, so that a checkpoint can be taken up with another parallelism. */
    static final int MAX_PARALLELISM = 128;

    /** In memory, of each of the key groups: with fewer the next ones are looked for on disk among those that are gone. */
    private static final int TIMERS_AT_HAND = 2048;

    private static final String LOOPBACK = "127.0.0.1";

    private ProofSettings() {}

    static Configuration of(ProofConfig config) {
        Configuration settings = new Configuration();
        network(settings);
        memory(settings, config.parallelism());
        directories(settings, config.state().toAbsolutePath(), config.checkpoints());
        checkpoints(settings);
        restarts(settings);
        pipeline(settings);
        return settings;
    }

    /** What the job itself says on a cluster; all else is the cluster's, the checkpoints' directory too. */
    static Configuration ofJob() {
        Configuration settings = new Configuration();
        checkpoints(settings);
        restarts(settings);
        pipeline(settings);
        return settings;
    }

    private static void network(Configuration settings) {
        settings.set(RestOptions.ADDRESS, LOOPBACK);
        settings.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        settings.set(RestOptions.BIND_PORT, "0");
        settings.set(JobManagerOptions.ADDRESS, LOOPBACK);
        settings.set(JobManagerOptions.BIND_HOST, LOOPBACK);
        settings.set(TaskManagerOptions.HOST, LOOPBACK);
        settings.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
        settings.set(BlobServerOptions.PORT, "0");
    }

    private static void memory(Configuration settings, int parallelism) {
        settings.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism);
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    }

    private static void directories(Configuration settings, Path state, Path checkpoints) {
        settings.set(CoreOptions.TMP_DIRS, state.resolve("flink").toString());
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    }

    private static void checkpoints(Configuration settings) {
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        // what is asked for is often not there: a row of the copy, or that changes of it wait
        settings.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        settings.set(RocksDBOptions.ROCKSDB_TIMER_SERVICE_FACTORY_CACHE_SIZE, TIMERS_AT_HAND);
        // timers on the heap would be raw keyed state, which the rows that wait are; a verdict goes by alignment
        settings.set(RocksDBOptions.TIMER_SERVICE_FACTORY, EmbeddedRocksDBStateBackend.PriorityQueueStateType.ROCKSDB);
        settings.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(5));
        settings.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        settings.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        // One that fails is made up for by the next. When none succeeds any more, the proof has to say so.
        settings.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 20);
    }

    private static void restarts(Configuration settings) {
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, 4);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofMillis(250));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(5));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER, 3.0);
        settings.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                Duration.ofMinutes(1));
    }

    private static void pipeline(Configuration settings) {
        settings.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, LogTime.EXCHANGED_EVERY);
        settings.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(5));
    }
}
