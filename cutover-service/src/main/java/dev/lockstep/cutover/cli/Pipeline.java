package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.ingest.capture.Capture;
import dev.lockstep.ingest.capture.CaptureConfig;
import dev.lockstep.ingest.capture.ConnectWorker;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.ControlTables;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.apply.Applier;
import dev.lockstep.stream.apply.ApplyConfig;
import dev.lockstep.stream.lag.LagConfig;
import dev.lockstep.stream.lag.LagMonitor;
import dev.lockstep.stream.prove.ProofConfig;
import dev.lockstep.stream.prove.ProofJob;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The moving parts of one migration, wired: capture, barriers, apply, proof and lag. Started again on the same state
 * directory it carries on where it was, however it ended.
 */
final class Pipeline implements AutoCloseable {

    static final int LANES = 1;
    private static final int PROOF_PARALLELISM = 1; // on two cores one does as much as two

    final Topics topics;
    final String bootstrap;
    final BarrierWriter barriers;
    final Applier applier;
    final LagMonitor lag;

    private final Migration migration;
    private final List<TableMapping> tables;
    private final URI connect;
    private final Capture sourceCapture;
    private @Nullable ProofJob proof;
    private @Nullable Capture targetCapture;
    private final Parts parts = new Parts();

    /** Starts all but the target's capture and the proof, which wait for the initial copy. */
    static Pipeline start(Migration migration, List<TableMapping> tables, Broker broker, Clock clock) throws Exception {
        return new Pipeline(migration, tables, broker, clock);
    }

    private Pipeline(Migration migration, List<TableMapping> tables, Broker broker, Clock clock) throws Exception {
        this.migration = migration;
        this.tables = tables;
        topics = broker.topics;
        bootstrap = broker.bootstrap;
        try {
            TopicSetup.publish(bootstrap, topics, tables);
            prepareDatabases();
            lag = parts.add(LagMonitor.start(
                    new LagConfig(bootstrap, topics, LANES, migration.state().resolve("lag"), clock)));
            connect = connect();
            barriers = parts.add(BarrierWriter.held(
                    migration.source(), Direction.FORWARD, migration.barrier().interval(), clock));
            sourceCapture = parts.add(Capture.start(capture(Side.SOURCE, migration.source()), barriers::release));
            applier = parts.add(Applier.start(apply(clock)));
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private URI connect() {
        String own = migration.kafka().connect();
        return own != null
                ? URI.create(own)
                : parts.add(ConnectWorker.start(bootstrap, topics, LANES)).url();
    }

    private void prepareDatabases() throws SQLException {
        BarrierWriter.prepare(migration.source(), Direction.FORWARD, LANES);
        Endpoint target = migration.target();
        try (Connection connection = target.connectWriter()) {
            ControlTables.createBarrier(connection, target.dialect());
        }
    }

    private CaptureConfig capture(Side side, Endpoint database) {
        return new CaptureConfig(connect, bootstrap, topics, side, database, tables, 0, migration.copy());
    }

    private ApplyConfig apply(Clock clock) {
        return new ApplyConfig(
                bootstrap,
                topics,
                Side.SOURCE,
                Direction.FORWARD,
                migration.target(),
                tables,
                0,
                migration.apply().batchRows(),
                clock);
    }

    /** The first barrier comes behind the copy's last row: once it is applied, so is the copy. */
    boolean copied() {
        return applier.progress().barrierMicros() > 0;
    }

    /**
     * Begins to capture the echo and to prove. Idempotent. The proof reads from the first row on, but not before now: it would take
     * processor time from the copy, and has nothing to compare before the echo.
     */
    void prove() {
        if (targetCapture == null) targetCapture = parts.add(Capture.start(capture(Side.TARGET, migration.target())));
        if (proof == null)
            proof = parts.add(ProofJob.start(new ProofConfig(
                    bootstrap,
                    topics,
                    Direction.FORWARD,
                    tables,
                    LANES,
                    PROOF_PARALLELISM,
                    migration.state().resolve("proof"))));
    }

    /** Why a part has stopped, if one has. */
    Optional<String> failure() throws IOException, InterruptedException {
        Optional<String> failure = sourceCapture.failure();
        if (failure.isEmpty() && targetCapture != null) failure = targetCapture.failure();
        if (failure.isEmpty()) failure = applier.failure().map(e -> "apply: " + e.getMessage());
        if (failure.isEmpty() && proof != null) failure = proof.failure().map(e -> "proof: " + e.getMessage());
        if (failure.isEmpty()) failure = lag.failure().map(e -> "lag: " + e.getMessage());
        return failure;
    }

    /** Ends what the captures hold in both databases' logs; there is no carrying on after it. */
    void removeCaptures() throws SQLException, IOException, InterruptedException {
        sourceCapture.remove();
        if (targetCapture != null) targetCapture.remove();
    }

    /** Stops the parts, the newest first. */
    @Override
    public void close() {
        parts.close();
    }
}
