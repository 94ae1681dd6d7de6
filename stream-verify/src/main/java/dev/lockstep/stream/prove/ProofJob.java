package dev.lockstep.stream.prove;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proof, running in this process on a Flink mini-cluster of its own. At every barrier that both sides have passed in every
 * lane it gives a verdict on every table and names every row that differs.
 *
 * <p>State is checkpointed every five seconds, exactly once; the next start goes on from the newest checkpoint, or from the topics'
 * beginning if there is none. What is reported goes out at least once: after a restart the barriers since the checkpoint are
 * judged again and get the same verdict, whose identity is (table, barrier).
 */
public final class ProofJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProofJob.class);
    private static final long CLOSE_SECONDS = 30;

    private final MiniCluster cluster;
    private final JobGraph job;
    private final CompletableFuture<JobResult> result;
    private volatile boolean closing;

    private ProofJob(MiniCluster cluster, JobGraph job, CompletableFuture<JobResult> result) {
        this.cluster = cluster;
        this.job = job;
        this.result = result;
    }

    /**
     * Starts the proof and returns as soon as Flink has accepted it.
     *
     * @throws IllegalStateException if the mini-cluster cannot start or refuses the job
     */
    public static ProofJob start(ProofConfig config) {
        Configuration settings = ProofSettings.of(config);
        createDirectories(config);
        JobGraph job = ProofGraph.of(config, settings, Clock.systemUTC()).getJobGraph();
        Checkpoints.newest(config.checkpoints()).ifPresent(checkpoint -> resume(job, checkpoint));
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(config.parallelism())
                .build());
        try {
            return submit(cluster, job);
        } catch (Exception e) {
            closeQuietly(cluster);
            if (e instanceof InterruptedException) Thread.currentThread().interrupt();
            throw new IllegalStateException("cannot start the proof: " + e.getMessage(), e);
        }
    }

    /** What a killed process left of its working state, as large as the tables, is nobody's any more: a start restores from a checkpoint. */
    private static void createDirectories(ProofConfig config) {
        Path working = config.state().resolve("flink");
        try {
            FileUtils.deleteDirectory(working.toFile());
            Files.createDirectories(config.checkpoints());
            Files.createDirectories(working);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the proof's directories in " + config.state(), e);
        }
    }

    /** Claimed: the checkpoint becomes the new run's own, which deletes it when it has a newer one. */
    private static void resume(JobGraph job, Path checkpoint) {
        LOG.info("proof goes on from a checkpoint: path={}", checkpoint);
        job.setSavepointRestoreSettings(
                SavepointRestoreSettings.forPath(checkpoint.toUri().toString(), false, RecoveryClaimMode.CLAIM));
    }

    private static ProofJob submit(MiniCluster cluster, JobGraph job) throws Exception {
        cluster.start();
        cluster.submitJob(job).get();
        ProofJob proof = new ProofJob(cluster, job, cluster.requestJobResult(job.getJobID()));
        LOG.info("proof started: job={}", job.getJobID());
        return proof;
    }

    /**
     * Why the proof has ended, if it has ended by itself; empty while it runs. Failures that a few restarts mend do not show.
     */
    public Optional<Throwable> failure() {
        if (closing || !result.isDone()) return Optional.empty();
        return Optional.of(result.handle(ProofJob::cause).join());
    }

    private static Throwable cause(@Nullable JobResult result, @Nullable Throwable lost) {
        if (result == null) return lost != null ? lost : new IllegalStateException("the proof's cluster has ended");
        return result.getSerializedThrowable()
                .<Throwable>map(thrown -> thrown.deserializeError(ProofJob.class.getClassLoader()))
                .orElseGet(() -> new IllegalStateException("the proof has ended: " + result.getApplicationStatus()));
    }

    /** Cancels the job and stops the mini-cluster. Checkpoints stay. */
    @Override
    public void close() {
        if (closing) return;
        closing = true;
        try {
            if (!result.isDone()) cluster.cancelJob(job.getJobID()).get(CLOSE_SECONDS, TimeUnit.SECONDS);
            result.handle((ended, lost) -> true).get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("proof did not cancel in time, its cluster is stopped anyway: job={}", job.getJobID(), e);
        } finally {
            closeQuietly(cluster);
        }
    }

    private static void closeQuietly(MiniCluster cluster) {
        try {
            cluster.close();
        } catch (Exception e) {
            LOG.warn("proof's cluster did not stop cleanly", e);
        }
    }
}
