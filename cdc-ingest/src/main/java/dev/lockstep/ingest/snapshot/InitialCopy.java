package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.message.CopyPlan;
import dev.lockstep.schemas.message.Topics;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy of one lane of one database: every row as of one place in the database's log, read in parallel, chunk by chunk, into
 * the topic of changes. Cut off at any point and by any means, the next run keeps the chunks that are done and reads the others as of
 * a new place; the stream still starts at the first one, and so brings all rows to one state (docs/design.md, section 6). A later round
 * copies the tables that have changed since, while the stream stands still.
 */
public final class InitialCopy {

    private static final Logger LOG = LoggerFactory.getLogger(InitialCopy.class);

    /** What an operator does when changes are gone for good. */
    public static final String START_ANEW =
            "Start anew: empty the target's tables, drop the database or schema lockstep on both sides (and on PostgreSQL the"
                    + " replication slots and publications that begin with lockstep_), and delete the migration's state directory";

    private final CopyConfig config;
    private final Meter meter = new Meter(System::nanoTime);

    public InitialCopy(CopyConfig config) {
        this.config = config;
    }

    /** From any thread. */
    public CopyProgress progress() {
        return meter.progress();
    }

    /** What has to be so before anything is read. */
    public interface Preparation {

        /** Returns what is noted beside the first view's position. */
        Map<String, String> run() throws IOException, InterruptedException;
    }

    /**
     * Copies what is not copied yet, and returns once all rows are committed in Kafka. Ends at an interrupt. Whatever it fails on, what is
     * committed stays, and it may be run again.
     *
     * @param preparation is run if anything is left to copy
     */
    public CopyPlan run(Preparation preparation) throws SQLException, IOException, InterruptedException {
        Optional<CopyPlan> known =
                CopyPlan.read(config.bootstrap(), config.topics(), config.side(), config.lane(), config.round());
        if (known.filter(CopyPlan::done).isEmpty()) known = Optional.of(copy(preparation.run()));
        meter.finished();
        return known.get();
    }

    /**
     * Ends what copies left under way, on both sides and in all lanes: as long as it is, it hides what others have committed behind it. To
     * be called before the first of a process's copies, and after it has written a transaction of its own.
     */
    public static void endOpenTransactions(String bootstrap, Topics topics) throws InterruptedException {
        CopyProducers.endOpenTransactions(bootstrap, topics);
    }

    private CopyPlan copy(Map<String, String> aside) throws SQLException, InterruptedException {
        try (CopyLog log = CopyLog.open(config)) {
            if (log.plan().filter(CopyPlan::done).isEmpty()) read(log, aside);
            return log.plan().orElseThrow();
        } finally {
            meter.note("");
        }
    }

    private ConsistentView view(Views views, boolean first) throws SQLException, InterruptedException {
        meter.note("a consistent view of the database");
        if (!first) return views.again(meter::note);
        return config.round() == 0 ? views.first(meter::note) : views.anew(meter::note);
    }

    private void read(CopyLog log, Map<String, String> aside) throws SQLException, InterruptedException {
        Views views = Views.of(config);
        try (ConsistentView view = view(views, log.plan().isEmpty())) {
            var parts = views.parts(view);
            Map<String, String> position = new HashMap<>(aside);
            position.putAll(view.position());
            log.begin(position, barriers(view.readers().get(0)));
            ChunkQueue queue = new ChunkQueue(parts, log);
            meter.begin(parts, log.chunks());
            LOG.info(
                    "copying: {} position={} snapshot={} parts={}",
                    config.place(),
                    view.position(),
                    log.plan().map(CopyPlan::snapshots).orElse(0),
                    parts.size());
            new Readers(config, view, queue, log, meter).run();
        }
        log.finish();
        LOG.info("copied: {} rows={}", config.place(), meter.progress().rows());
    }

    private Map<String, Long> barriers(Connection reader) throws SQLException {
        Map<String, Long> barriers = new HashMap<>();
        try (var query = reader.prepareStatement("select direction, at_micros from lockstep.barrier where lane = ?")) {
            query.setInt(1, config.lane());
            try (var row = query.executeQuery()) {
                while (row.next()) barriers.put(row.getString(1), row.getLong(2));
            }
        }
        return barriers;
    }
}
